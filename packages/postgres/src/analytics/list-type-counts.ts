import type { AnyEventDefinition } from '@sori/contract';
import type { Queryable, Statement } from '../connection/queryable.ts';
import { HOUR, type WindowRange } from './windows.ts';

/** How many records of a type are in the window that begins at `start` (seconds since the epoch). */
export interface TypeCount {
  readonly start: number;
  readonly type: string;
  readonly records: number;
}

const LIST: Statement = {
  name: 'analytics-list-type-counts',
  text: `
    SELECT (floor(extract(epoch FROM starts_at) / $6) * $6)::float8 AS start, type,
      sum(records)::float8 AS records
    FROM analytics_events
    WHERE width = $1 AND starts_at >= to_timestamp($2) AND starts_at < to_timestamp($3)
      AND topic = ANY($4) AND type = ANY($5)
    GROUP BY 1, 2
    ORDER BY 1, 2`,
};

/**
 * Counts of some event types on their own topics (not among dead letters), window by window; days are
 * made of their hours.
 */
export async function listTypeCounts(
  db: Queryable,
  { width, from, to }: WindowRange,
  events: readonly Pick<AnyEventDefinition, 'type' | 'topic'>[],
): Promise<readonly TypeCount[]> {
  const topics = events.map(({ topic }) => topic.name);
  const types = events.map(({ type }) => type);
  const values = [Math.min(width, HOUR), from, to, topics, types, width];
  return (await db.query<TypeCount>(LIST, values)).rows;
}
