import type { AnalyticsUsers } from '@sori/api';
import {
  accountRegistered,
  friendRequestAccepted,
  friendRequestSent,
  messageSent,
} from '@sori/chat-events';
import {
  DAY,
  HOUR,
  listActiveCounts,
  listOnlinePeaks,
  listTypeCounts,
  MINUTE,
  onlinePeaks,
  type Queryable,
  readOnline,
  type TypeCount,
  type WindowRange,
  type WindowWidth,
  windowStart,
  windowStarts,
} from '@sori/postgres';
import { rangeOf, type Stretch, seriesOf } from './stretch.ts';

/** What is told of beside loads. */
export const COUNTED_EVENTS = [
  messageSent,
  accountRegistered,
  friendRequestSent,
  friendRequestAccepted,
] as const;

/** How many of the counts are of a type. */
export function countOf(counts: readonly TypeCount[], { type }: { readonly type: string }): number {
  const own = counts.filter((count) => count.type === type);
  return own.reduce((sum, { records }) => sum + records, 0);
}

/** What people did, window by window. `now` in milliseconds since the epoch. */
export async function analyticsUsers(
  db: Queryable,
  stretch: Stretch,
  now: number,
): Promise<AnalyticsUsers> {
  const [active, counts, peaks] = await Promise.all([
    listActiveCounts(db, stretch),
    listTypeCounts(db, stretch, COUNTED_EVENTS),
    peaksOf(db, stretch, now),
  ]);
  const countsOf = ({ type }: { readonly type: string }) => {
    const own = counts.filter((count) => count.type === type);
    return seriesOf(
      stretch,
      own.map(({ start, records }) => [start, records] as const),
      0,
    );
  };
  return {
    ...rangeOf(stretch),
    times: [...windowStarts(stretch)],
    active: seriesOf(
      stretch,
      active.map(({ start, users }) => [start, users] as const),
      0,
    ),
    signUps: countsOf(accountRegistered),
    friendRequestsSent: countsOf(friendRequestSent),
    friendRequestsAccepted: countsOf(friendRequestAccepted),
    onlinePeak: seriesOf(stretch, peaks, 0),
  };
}

/**
 * The most people online at a time in each window of a range (of minutes or longer), up to now: what is
 * rolled up, and what is not yet. Windows in which nobody was are left out.
 */
export async function peaksOf(
  db: Queryable,
  range: WindowRange,
  now: number,
): Promise<ReadonlyMap<number, number>> {
  const nowSeconds = now / 1_000;
  const end = Math.min(range.to, Math.floor(nowSeconds) + 1);
  // First, what is not rolled up: rolled up meanwhile, it is in both, and the larger one counts.
  const history = await readOnline(db, end);
  const rolled = await listOnlinePeaks(db, range);
  const peaks = new Map(rolled.map(({ start, peak }) => [start, peak]));
  const from = Math.max(range.from, history.rolledTo);
  if (from >= end) return peaks;
  for (const [minute, peak] of onlinePeaks(history, { from, to: end })) {
    const start = windowStart(minute, range.width);
    peaks.set(start, Math.max(peaks.get(start) ?? 0, peak));
  }
  return peaks;
}

/** How many people did something in the minute, hour and day that a time (in seconds) falls into. */
export async function activeAt(
  db: Queryable,
  seconds: number,
): Promise<{ readonly minute: number; readonly hour: number; readonly day: number }> {
  const at = async (width: WindowWidth): Promise<number> => {
    const from = windowStart(seconds, width);
    const [window] = await listActiveCounts(db, { width, from, to: from + width });
    return window?.users ?? 0;
  };
  return { minute: await at(MINUTE), hour: await at(HOUR), day: await at(DAY) };
}
