import {
  type KeyboardEvent,
  type ReactNode,
  type ToggleEvent,
  useId,
  useRef,
  useState,
} from 'react';
import { IconButton } from './Button.tsx';
import { Icon, type IconName } from './Icon.tsx';
import style from './menu.module.css';

/** Between a menu and its button, in CSS pixels. */
const DISTANCE_PX = 4;

interface MenuProps {
  /** What the button is for, and what the menu is called. */
  readonly label: string;
  readonly className?: string | undefined;
  /** -1 where something else opens it by the keyboard. */
  readonly tabIndex?: 0 | -1;
  readonly children: ReactNode;
}

/** A button that opens a menu in the top layer, where nothing cuts it off. */
export function Menu({ label, className, tabIndex = 0, children }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);

  function beforeToggle(event: ToggleEvent<HTMLDivElement>): void {
    const opens = event.newState === 'open';
    if (opens && button.current !== null) place(event.currentTarget, button.current);
    setOpen(opens);
  }

  return (
    <>
      <IconButton
        ref={button}
        icon="more"
        label={label}
        className={className}
        tabIndex={tabIndex}
        popoverTarget={id}
        aria-haspopup="menu"
        aria-expanded={isOpen}
      />
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        className={style.menu}
        onBeforeToggle={beforeToggle}
        onToggle={(event) => {
          if (event.newState === 'open') itemsOf(event.currentTarget)[0]?.focus();
        }}
        onKeyDown={moveFocus}
        onClick={() => menu.current?.hidePopover()}
      >
        {isOpen && children}
      </div>
    </>
  );
}

interface MenuItemProps {
  readonly icon: IconName;
  readonly danger?: boolean;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}

export function MenuItem({ icon, danger = false, onChoose, children }: MenuItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      className={danger ? `${style.item} ${style.danger}` : style.item}
      onClick={onChoose}
    >
      <Icon name={icon} size={18} />
      {children}
    </button>
  );
}

/** Where there is more room: below or above, to the left or the right. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const box = button.getBoundingClientRect();
  const below = box.bottom < window.innerHeight / 2;
  const rightwards = box.left < window.innerWidth / 2;
  const px = (distance: number) => `${distance}px`;
  menu.style.top = below ? px(box.bottom + DISTANCE_PX) : 'auto';
  menu.style.bottom = below ? 'auto' : px(window.innerHeight - box.top + DISTANCE_PX);
  menu.style.left = rightwards ? px(box.left) : 'auto';
  menu.style.right = rightwards ? 'auto' : px(window.innerWidth - box.right);
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  event.stopPropagation();
  const items = itemsOf(event.currentTarget);
  const focused = document.activeElement;
  const at = focused instanceof HTMLElement ? items.indexOf(focused) : -1;
  const next = nextIndex(event.key, at, items.length);
  if (next === undefined) {
    if (event.key === 'Tab') event.currentTarget.hidePopover();
    return;
  }
  event.preventDefault();
  items[next]?.focus();
}

function nextIndex(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return (at + 1) % count;
    case 'ArrowUp':
    case 'ArrowLeft':
      return (at - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
