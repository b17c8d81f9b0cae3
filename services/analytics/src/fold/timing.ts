import { DAY, HOUR, MINUTE, SECOND, type WindowWidth } from '@sori/postgres';
import type { LogRecord } from '@sori/stream';
import { AHEAD_MAX_MS, GRACE_SECONDS } from '../limits.ts';

/** Why a record is not in windows of some width, or is where its event's time does not say. */
export type UntimelyReason =
  /** It has no event time: its own timestamp counts. */
  | 'undated'
  /** Its event time is after it was written: its own timestamp counts. */
  | 'ahead'
  | 'late-for-seconds'
  | 'late-for-minutes'
  /** And for days. */
  | 'late-for-hours';

/** When a record counts. */
export interface Timing {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** In windows of which widths. */
  readonly widths: readonly WindowWidth[];
  readonly untimely: readonly UntimelyReason[];
}

/** The last millisecond of the year 9999: PostgreSQL's own range is wider. */
const LATEST_MS = Date.UTC(9_999, 11, 31, 23, 59, 59, 999);

const WIDTHS: readonly WindowWidth[] = [SECOND, MINUTE, HOUR, DAY];

const LATE: ReadonlyMap<WindowWidth, UntimelyReason> = new Map([
  [SECOND, 'late-for-seconds'],
  [MINUTE, 'late-for-minutes'],
  [HOUR, 'late-for-hours'],
]);

/** A record's own timestamp, within what the database holds. Milliseconds since the epoch. */
export function timestampOf({ timestamp }: LogRecord): number {
  return Math.min(Math.max(0, timestamp), LATEST_MS);
}

/** When an event counts, by its own time. Says the same of a record whenever it is asked. */
export function eventTiming(record: LogRecord): Timing {
  const timestamp = timestampOf(record);
  const said = eventTimeOf(record);
  if (said === undefined) return { at: timestamp, widths: WIDTHS, untimely: ['undated'] };
  if (said > timestamp + AHEAD_MAX_MS)
    return { at: timestamp, widths: WIDTHS, untimely: ['ahead'] };
  const late = WIDTHS.filter((width) => timestamp - said > GRACE_SECONDS[width] * 1_000);
  if (late.length === 0) return { at: Math.max(0, said), widths: WIDTHS, untimely: [] };
  return {
    at: Math.max(0, said),
    widths: WIDTHS.filter((width) => !late.includes(width)),
    untimely: late.flatMap((width) => LATE.get(width) ?? []),
  };
}

/** When a dead letter counts: what happened is that a record was given up, and that is when. */
export function deadLetterTiming(record: LogRecord): Timing {
  return { at: timestampOf(record), widths: WIDTHS, untimely: [] };
}

function eventTimeOf({ headers }: LogRecord): number | undefined {
  const header = headers.findLast(({ key }) => key === 'ce_time');
  const time = header === undefined ? Number.NaN : Date.parse(header.value.toString('utf8'));
  return Number.isNaN(time) ? undefined : time;
}
