import type { Queryable, Statement } from '../connection/queryable.ts';
import type { BucketCount } from './latency-buckets.ts';
import type { WindowRange } from './windows.ts';

/** Part of the latencies of a topic. */
export interface TopicLatency extends BucketCount {
  readonly topic: string;
}

const SUM: Statement = {
  name: 'analytics-sum-latencies',
  text: `
    SELECT topic, bucket, sum(records)::float8 AS records
    FROM analytics_latencies
    WHERE width = $1 AND starts_at >= to_timestamp($2) AND starts_at < to_timestamp($3)
    GROUP BY topic, bucket
    ORDER BY topic, bucket`,
};

/** The histograms of a whole range, topic by topic. */
export async function sumLatencies(
  db: Queryable,
  { width, from, to }: WindowRange,
): Promise<readonly TopicLatency[]> {
  return (await db.query<TopicLatency>(SUM, [width, from, to])).rows;
}
