import type { Queryable, Statement } from '../connection/queryable.ts';
import { HOUR, type WindowRange } from './windows.ts';

const LIST: Statement = {
  name: 'analytics-list-online-peaks',
  text: `
    SELECT (floor(extract(epoch FROM starts_at) / $4) * $4)::float8 AS start,
      max(peak)::float8 AS peak
    FROM analytics_online_peaks
    WHERE width = $1 AND starts_at >= to_timestamp($2) AND starts_at < to_timestamp($3)
    GROUP BY 1
    ORDER BY 1`,
};

/**
 * The most people online at a time in each window (`start` in seconds since the epoch), as far as it
 * is rolled up; windows in which nobody was online are left out. Days are made of their hours.
 */
export async function listOnlinePeaks(
  db: Queryable,
  { width, from, to }: WindowRange,
): Promise<readonly { readonly start: number; readonly peak: number }[]> {
  const { rows } = await db.query<{ readonly start: number; readonly peak: number }>(LIST, [
    Math.min(width, HOUR),
    from,
    to,
    width,
  ]);
  return rows;
}
