import type { Queryable, Statement } from '../connection/queryable.ts';
import type { WindowRange } from './windows.ts';

/** What went through a topic in the window that begins at `start` (seconds since the epoch). */
export interface TopicLoad {
  readonly start: number;
  readonly topic: string;
  readonly records: number;
  /** Of values. */
  readonly bytes: number;
}

const LIST: Statement = {
  name: 'analytics-list-topic-loads',
  text: `
    SELECT extract(epoch FROM starts_at)::float8 AS start, topic,
      sum(records)::float8 AS records, sum(bytes)::float8 AS bytes
    FROM analytics_events
    WHERE width = $1 AND starts_at >= to_timestamp($2) AND starts_at < to_timestamp($3)
    GROUP BY starts_at, topic
    ORDER BY starts_at, topic`,
};

/** Loads of all topics, window by window; what had none is left out. */
export async function listTopicLoads(
  db: Queryable,
  { width, from, to }: WindowRange,
): Promise<readonly TopicLoad[]> {
  return (await db.query<TopicLoad>(LIST, [width, from, to])).rows;
}
