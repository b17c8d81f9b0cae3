import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

interface Place {
  readonly firstId: string | undefined;
  /** The message at the top of what is seen, and how far below that edge it begins, in pixels. */
  readonly anchor: string | undefined;
  readonly offset: number;
}

/** Stays at what one reads while older messages are put before it. */
export function useKeepPlace(
  scroller: RefObject<HTMLElement | null>,
  firstId: string | undefined,
): void {
  const place = useRef<Place>({ firstId: undefined, anchor: undefined, offset: 0 });

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const note = () => {
      place.current = { ...place.current, ...topmost(element) };
    };
    element.addEventListener('scroll', note, { passive: true });
    return () => element.removeEventListener('scroll', note);
  }, [scroller]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const { firstId: before, anchor, offset } = place.current;
    if (before !== undefined && before !== firstId && anchor !== undefined) {
      const kept = element.querySelector(`[data-message-id="${CSS.escape(anchor)}"]`);
      if (kept !== null) element.scrollTop += offsetIn(element, kept) - offset;
    }
    place.current = { firstId, ...topmost(element) };
  }, [scroller, firstId]);
}

function topmost(scroller: HTMLElement): Omit<Place, 'firstId'> {
  for (const message of scroller.querySelectorAll<HTMLElement>('[data-message-id]')) {
    const offset = offsetIn(scroller, message);
    if (offset >= 0) return { anchor: message.dataset['messageId'], offset };
  }
  return { anchor: undefined, offset: 0 };
}

function offsetIn(scroller: HTMLElement, message: Element): number {
  return message.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
}
