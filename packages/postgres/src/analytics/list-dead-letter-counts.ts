import type { Queryable, Statement } from '../connection/queryable.ts';
import type { WindowRange } from './windows.ts';

const LIST: Statement = {
  name: 'analytics-list-dead-letter-counts',
  text: `
    SELECT extract(epoch FROM starts_at)::float8 AS start, sum(records)::float8 AS records
    FROM analytics_dead_letters
    WHERE width = $1 AND starts_at >= to_timestamp($2) AND starts_at < to_timestamp($3)
    GROUP BY starts_at
    ORDER BY starts_at`,
};

/** Dead letters of all topics, window by window (`start` in seconds since the epoch). */
export async function listDeadLetterCounts(
  db: Queryable,
  { width, from, to }: WindowRange,
): Promise<readonly { readonly start: number; readonly records: number }[]> {
  const { rows } = await db.query<{ readonly start: number; readonly records: number }>(LIST, [
    width,
    from,
    to,
  ]);
  return rows;
}
