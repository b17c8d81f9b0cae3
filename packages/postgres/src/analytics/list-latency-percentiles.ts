import type { Queryable, Statement } from '../connection/queryable.ts';
import { type LatencyPercentiles, latencyOfBucket } from './latency-buckets.ts';
import type { WindowRange } from './windows.ts';

/** Percentiles of a topic in the window that begins at `start` (seconds since the epoch). */
export interface WindowLatency extends LatencyPercentiles {
  readonly start: number;
  readonly topic: string;
}

// Nearest rank, as latencyPercentiles: here because a day of minutes has very many buckets.
const LIST: Statement = {
  name: 'analytics-list-latency-percentiles',
  text: `
    WITH ranked AS (
      SELECT starts_at, topic, bucket,
        sum(records) OVER (PARTITION BY starts_at, topic ORDER BY bucket) AS reached,
        sum(records) OVER (PARTITION BY starts_at, topic) AS total
      FROM analytics_latencies
      WHERE width = $1 AND starts_at >= to_timestamp($2) AND starts_at < to_timestamp($3)
    )
    SELECT extract(epoch FROM starts_at)::float8 AS start, topic,
      min(bucket) FILTER (WHERE reached >= ceil(total * 0.50)) AS p50,
      min(bucket) FILTER (WHERE reached >= ceil(total * 0.95)) AS p95,
      min(bucket) FILTER (WHERE reached >= ceil(total * 0.99)) AS p99
    FROM ranked
    GROUP BY starts_at, topic
    ORDER BY starts_at, topic`,
};

/** Latencies in milliseconds, window by window and topic by topic; what had none is left out. */
export async function listLatencyPercentiles(
  db: Queryable,
  { width, from, to }: WindowRange,
): Promise<readonly WindowLatency[]> {
  const { rows } = await db.query<WindowLatency>(LIST, [width, from, to]);
  return rows.map(({ start, topic, p50, p95, p99 }) => ({
    start,
    topic,
    p50: latencyOfBucket(p50),
    p95: latencyOfBucket(p95),
    p99: latencyOfBucket(p99),
  }));
}
