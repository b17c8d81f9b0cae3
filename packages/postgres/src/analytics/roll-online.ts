import type { Queryable, Statement } from '../connection/queryable.ts';
import { onlinePeaks } from './online-peaks.ts';
import { readOnline } from './read-online.ts';
import { HOUR, MINUTE, windowStart } from './windows.ts';

const HOLD = 'SELECT 1 FROM analytics_online_base FOR UPDATE';

const PUT_PEAKS: Statement = {
  name: 'analytics-put-online-peaks',
  text: `
    INSERT INTO analytics_online_peaks AS known (width, starts_at, peak)
    SELECT width, to_timestamp(start), peak
    FROM unnest($1::integer[], $2::float8[], $3::bigint[]) AS rolled (width, start, peak)
    ON CONFLICT (width, starts_at) DO UPDATE SET peak = greatest(known.peak, EXCLUDED.peak)`,
};

// The sum of what was deleted, not of what was read before: a change may have come in between.
const ROLL: Statement = {
  name: 'analytics-roll-online',
  text: `
    WITH gone AS (
      DELETE FROM analytics_online_changes WHERE starts_at < to_timestamp($1) RETURNING change
    )
    UPDATE analytics_online_base
    SET online = online + (SELECT coalesce(sum(change), 0) FROM gone),
      rolled_to = to_timestamp($1)`,
};

/**
 * Keeps the peaks of the minutes before `before` (where a minute begins, in seconds since the epoch),
 * and of their hours, and deletes the changes that they are made of. A change that comes later still
 * counts in the numbers that follow, and in no peak.
 */
export async function rollOnline(transaction: Queryable, before: number): Promise<void> {
  await transaction.query(HOLD);
  const history = await readOnline(transaction, before);
  if (before <= history.rolledTo) return;
  const peaks = onlinePeaks(history, { from: history.rolledTo, to: before });
  const rows = new Map<string, { width: number; start: number; peak: number }>();
  for (const [minute, peak] of peaks) {
    for (const width of [MINUTE, HOUR] as const) {
      const start = windowStart(minute, width);
      const known = rows.get(`${width}/${start}`)?.peak ?? 0;
      if (peak > known) rows.set(`${width}/${start}`, { width, start, peak });
    }
  }
  const all = [...rows.values()];
  if (all.length > 0) {
    await transaction.query(PUT_PEAKS, [
      all.map(({ width }) => width),
      all.map(({ start }) => start),
      all.map(({ peak }) => peak),
    ]);
  }
  await transaction.query(ROLL, [before]);
}
