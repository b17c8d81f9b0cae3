import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Timeline } from '../../state/model.ts';

/** So near to the end that one means to be there, in CSS pixels. */
const NEAR_PX = 64;

interface StickToEnd {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  readonly isAtEnd: boolean;
  /** All has been laid out once, and the place to begin at is found. */
  readonly isSettled: boolean;
  /** Messages that came since the end was left. */
  readonly newer: number;
  readonly toEnd: () => void;
}

/**
 * Keeps the newest message in sight while one is at the end, and stays where one reads while not.
 * Begins where the unread begin.
 */
export function useStickToEnd(timeline: Timeline): StickToEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const hasBegun = useRef(false);
  const [isAtEnd, setAtEnd] = useState(true);
  const [isSettled, setSettled] = useState(false);
  // Where it begins is known with the latest page.
  const isLoaded = timeline.older !== undefined;
  const lastId = timeline.messages.at(-1)?.id;
  const [lastSeenId, setLastSeenId] = useState(lastId);
  const outgoing = timeline.outgoing.length;
  const [lastOutgoing, setLastOutgoing] = useState(outgoing);
  if (isAtEnd && lastSeenId !== lastId) setLastSeenId(lastId);

  const toEnd = useCallback(() => {
    sticks.current = true;
    setAtEnd(true);
    jump(scroller.current);
  }, []);

  useLayoutEffect(() => {
    if (hasBegun.current) return;
    hasBegun.current = isLoaded;
    const unread = content.current?.querySelector('[data-unread]');
    if (unread) {
      sticks.current = false;
      unread.scrollIntoView({ block: 'start' });
    } else if (sticks.current) jump(scroller.current);
  }, [isLoaded]);

  useEffect(() => {
    const element = scroller.current;
    const inside = content.current;
    if (element === null || inside === null) return;
    let height = 0;
    const locate = () => {
      height = element.scrollHeight - element.clientHeight;
      sticks.current = height - element.scrollTop < NEAR_PX;
      setAtEnd(sticks.current);
    };
    const onScroll = () => {
      // Something grew or shrank first: that is no wish to be elsewhere, and is seen to below.
      if (height === element.scrollHeight - element.clientHeight) locate();
    };
    const observer = new ResizeObserver(() => {
      if (sticks.current) jump(element);
      locate();
    });
    locate();
    element.addEventListener('scroll', onScroll, { passive: true });
    observer.observe(inside);
    observer.observe(element);
    const frame = requestAnimationFrame(() => setSettled(true));
    return () => {
      element.removeEventListener('scroll', onScroll);
      observer.disconnect();
      cancelAnimationFrame(frame);
    };
  }, []);

  // Whoever says something wants to see it.
  useEffect(() => {
    if (outgoing > lastOutgoing) toEnd();
    setLastOutgoing(outgoing);
  }, [outgoing, lastOutgoing, toEnd]);

  const seen = timeline.messages.findLastIndex(({ id }) => id === lastSeenId);
  const newer = isAtEnd ? 0 : timeline.messages.length - 1 - seen;
  return { scroller, content, isAtEnd, isSettled, newer, toEnd };
}

function jump(scroller: HTMLElement | null): void {
  if (scroller !== null) scroller.scrollTop = scroller.scrollHeight;
}
