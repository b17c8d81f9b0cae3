import type { Queryable, Statement } from '../connection/queryable.ts';
import type { WindowRange } from './windows.ts';

/** How many people did something in the window that begins at `start` (seconds since the epoch). */
export interface ActiveCount {
  readonly start: number;
  readonly users: number;
}

const LIST: Statement = {
  name: 'analytics-list-active-counts',
  text: `
    SELECT extract(epoch FROM starts_at)::float8 AS start, users::float8 AS users
    FROM analytics_active_counts
    WHERE width = $1 AND starts_at >= to_timestamp($2) AND starts_at < to_timestamp($3)
    ORDER BY starts_at`,
};

/** Active people, window by window; windows without any are left out. */
export async function listActiveCounts(
  db: Queryable,
  { width, from, to }: WindowRange,
): Promise<readonly ActiveCount[]> {
  return (await db.query<ActiveCount>(LIST, [width, from, to])).rows;
}
