import type { Queryable, Statement } from '../connection/queryable.ts';
import type { WindowRange } from './windows.ts';

/** What of a topic was of one event type, or no event at all. */
export interface TypeLoad {
  readonly topic: string;
  readonly type: string;
  readonly records: number;
  /** Of values. */
  readonly bytes: number;
}

const SUM: Statement = {
  name: 'analytics-sum-type-loads',
  text: `
    SELECT topic, type, sum(records)::float8 AS records, sum(bytes)::float8 AS bytes
    FROM analytics_events
    WHERE width = $1 AND starts_at >= to_timestamp($2) AND starts_at < to_timestamp($3)
    GROUP BY topic, type
    ORDER BY topic, sum(records) DESC, type`,
};

/** Loads of a whole range by topic and type; of each topic the most frequent type first. */
export async function sumTypeLoads(
  db: Queryable,
  { width, from, to }: WindowRange,
): Promise<readonly TypeLoad[]> {
  return (await db.query<TypeLoad>(SUM, [width, from, to])).rows;
}
