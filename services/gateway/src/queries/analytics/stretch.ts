import { Problem } from '@sori/http';
import {
  DAY,
  HOUR,
  KEPT_SECONDS,
  MINUTE,
  SECOND,
  type WindowRange,
  type WindowWidth,
  windowStart,
  windowStarts,
} from '@sori/postgres';
import { Refused } from '../../commands/refused.ts';

export type WindowName = '1s' | '1m' | '1h' | '1d';

/** What was asked for. Times: RFC 3339. */
export interface AskedStretch {
  readonly window?: WindowName | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What is answered for. Seconds since the epoch. */
export interface Stretch extends WindowRange {
  readonly window: WindowName;
  /** How much of it is over. */
  readonly elapsedSeconds: number;
}

const WIDTHS: Readonly<Record<WindowName, WindowWidth>> = {
  '1s': SECOND,
  '1m': MINUTE,
  '1h': HOUR,
  '1d': DAY,
};

/** How many windows an answer has where nobody says from when on. */
const WINDOWS_UNLESS_ASKED: Readonly<Record<WindowName, number>> = {
  '1s': 5 * 60,
  '1m': 60,
  '1h': 24,
  '1d': 30,
};

/** Windows of one answer at most: an hour of seconds, 48 hours of minutes. */
const WINDOWS_MAX = 3_600;

/**
 * Whole windows that hold what was asked for, as far as it is kept, has begun, and fits an answer. `now`
 * in milliseconds since the epoch. Throws Problem for times that are none, Refused where nothing is left.
 */
export function stretchOf(
  asked: AskedStretch,
  now: number,
  keptSeconds: Readonly<Record<WindowWidth, number>> = KEPT_SECONDS,
): Stretch {
  const window = asked.window ?? '1m';
  const width = WIDTHS[window];
  const nowSeconds = now / 1_000;
  const next = windowStart(nowSeconds, width) + width;
  const askedTo = secondsOf('to', asked.to);
  const to = askedTo === undefined ? next : Math.min(next, Math.ceil(askedTo / width) * width);
  const askedFrom = secondsOf('from', asked.from) ?? to - WINDOWS_UNLESS_ASKED[window] * width;
  const oldest = Math.ceil((nowSeconds - keptSeconds[width]) / width) * width;
  const from = Math.max(windowStart(askedFrom, width), oldest, to - WINDOWS_MAX * width);
  if (from >= to) throw new Refused('empty-range');
  return { window, width, from, to, elapsedSeconds: Math.min(to, nowSeconds) - from };
}

function secondsOf(name: string, time: string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const ms = Date.parse(time);
  if (!Number.isNaN(ms)) return ms / 1_000;
  const errors = [{ path: `/${name}`, message: 'must be a time' }];
  throw new Problem(400, 'invalid-request', 'the query is not valid', { extra: { errors } });
}

/** The head of every answer. */
export function rangeOf({ window, from, to, elapsedSeconds }: Stretch) {
  return { window, from: timeOf(from), to: timeOf(to), elapsedSeconds };
}

/** RFC 3339, UTC. */
export function timeOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}

/** What stands in each window of a stretch; `none` where nothing does. */
export function seriesOf<None>(
  stretch: WindowRange,
  values: Iterable<readonly [start: number, value: number]>,
  none: None,
): (number | None)[] {
  const byStart = new Map(values);
  return windowStarts(stretch).map((start) => byStart.get(start) ?? none);
}
