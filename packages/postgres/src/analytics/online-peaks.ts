import { MINUTE, windowStart } from './windows.ts';

/** The changes of one minute. Seconds since the epoch. */
export interface OnlineMinute {
  readonly start: number;
  /** The first second of it at whose end the number was another. */
  readonly firstSecond: number;
  /** The most people online at the end of one of its seconds that changed. */
  readonly peak: number;
  /** People online at its end. */
  readonly last: number;
}

/** How many people were online: at the end of what is rolled up, and minute by minute since then. */
export interface OnlineHistory {
  /** Changes before it are part of `online`. It is where a minute begins. Seconds since the epoch. */
  readonly rolledTo: number;
  readonly online: number;
  /** Minutes with changes, in order; also such as came too late for what is rolled up. */
  readonly minutes: readonly OnlineMinute[];
}

/** The number at the end of all changes that were read. */
export function onlineAtEnd({ online, minutes }: OnlineHistory): number {
  return minutes.at(-1)?.last ?? online;
}

/**
 * The most people online at the end of any second of each minute in [from, to), which lies within
 * what is not rolled up; minutes in which nobody was are left out. A minute without changes has the
 * number of the minute before.
 */
export function onlinePeaks(
  { online, minutes }: OnlineHistory,
  { from, to }: { readonly from: number; readonly to: number },
): ReadonlyMap<number, number> {
  const peaks = new Map<number, number>();
  let now = online;
  /** Where the next minute begins that `now` may be the number of. */
  let next = windowStart(from, MINUTE);
  const stayUntil = (end: number): void => {
    if (now > 0) for (let start = next; start < end; start += MINUTE) peaks.set(start, now);
    next = Math.max(next, end);
  };
  for (const { start, firstSecond, peak, last } of minutes) {
    if (start >= to) break;
    if (start >= next) {
      stayUntil(start);
      const most = firstSecond > start ? Math.max(now, peak) : peak;
      if (most > 0) peaks.set(start, most);
      next = start + MINUTE;
    }
    now = last;
  }
  stayUntil(to);
  return peaks;
}
