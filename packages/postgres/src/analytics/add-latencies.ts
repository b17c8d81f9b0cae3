import type { Queryable, Statement } from '../connection/queryable.ts';
import type { BucketCount } from './latency-buckets.ts';
import type { Window } from './windows.ts';

/** Records of one topic in a window whose latency falls into a bucket. */
export interface LatencyCount extends Window, BucketCount {
  readonly topic: string;
}

const ADD: Statement = {
  name: 'analytics-add-latencies',
  text: `
    INSERT INTO analytics_latencies AS known (width, starts_at, topic, bucket, records)
    SELECT width, to_timestamp(start), topic, bucket, records
    FROM unnest($1::integer[], $2::float8[], $3::text[], $4::smallint[], $5::bigint[])
      AS counted (width, start, topic, bucket, records)
    ORDER BY width, start, topic COLLATE "C", bucket
    ON CONFLICT (width, starts_at, topic, bucket) DO UPDATE
    SET records = known.records + EXCLUDED.records`,
};

/** Adds to the histograms. Each window, topic and bucket at most once in a call. */
export async function addLatencies(
  transaction: Queryable,
  counts: readonly LatencyCount[],
): Promise<void> {
  if (counts.length === 0) return;
  await transaction.query(ADD, [
    counts.map(({ width }) => width),
    counts.map(({ start }) => start),
    counts.map(({ topic }) => topic),
    counts.map(({ bucket }) => bucket),
    counts.map(({ records }) => records),
  ]);
}
