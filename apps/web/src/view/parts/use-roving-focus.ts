import { type KeyboardEvent, type RefObject, useEffect } from 'react';

/** What an item of such a list carries, with `tabIndex={-1}`. */
export const ROVING = { 'data-roving': '', tabIndex: -1 } as const;

/**
 * One stop for Tab in a whole list; arrows, Home and End move inside it. The stop is the item that
 * had the focus last, at first the current one, else the list's `start`.
 */
export function useRovingFocus(
  list: RefObject<HTMLElement | null>,
  start: 'first' | 'last',
): (event: KeyboardEvent) => void {
  // After every render: items come and go, and the one stop may have gone with them.
  useEffect(() => {
    const items = itemsOf(list.current);
    if (items.some((item) => item.tabIndex === 0)) return;
    const current = items.find((item) => item.hasAttribute('aria-current'));
    stopAt(items, current ?? items.at(start === 'first' ? 0 : -1));
  });

  return (event) => {
    const items = itemsOf(list.current);
    const at = event.target instanceof HTMLElement ? items.indexOf(event.target) : -1;
    if (at < 0) return;
    const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: items.length - 1 }[event.key];
    const item = next === undefined ? undefined : items[next];
    if (item === undefined) return;
    event.preventDefault();
    stopAt(items, item);
    item.focus();
  };
}

function itemsOf(list: HTMLElement | null): HTMLElement[] {
  return list === null ? [] : [...list.querySelectorAll<HTMLElement>('[data-roving]')];
}

function stopAt(items: readonly HTMLElement[], stop: HTMLElement | undefined): void {
  for (const item of items) item.tabIndex = item === stop ? 0 : -1;
}
