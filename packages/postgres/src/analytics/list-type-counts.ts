import type { Queryable, Statement } from '../connection/queryable.ts';
import { HOUR, type WindowRange } from './windows.ts';

/** How many records of a type are in the window that begins at `start` (seconds since the epoch). */
export interface TypeCount {
  readonly start: number;
  readonly type: string;
  readonly records: number;
}

// Dead letters have the types of what they were: they are no events of their own.
const LIST: Statement = {
  name: 'analytics-list-type-counts',
  text: `
    SELECT (floor(extract(epoch FROM starts_at) / $5) * $5)::float8 AS start, type,
      sum(records)::float8 AS records
    FROM analytics_events
    WHERE width = $1 AND starts_at >= to_timestamp($2) AND starts_at < to_timestamp($3)
      AND type = ANY($4) AND topic NOT LIKE '%.dlq'
    GROUP BY 1, 2
    ORDER BY 1, 2`,
};

/** Counts of some event types, window by window; days are made of their hours. */
export async function listTypeCounts(
  db: Queryable,
  { width, from, to }: WindowRange,
  types: readonly string[],
): Promise<readonly TypeCount[]> {
  const stored = Math.min(width, HOUR);
  return (await db.query<TypeCount>(LIST, [stored, from, to, types, width])).rows;
}
