import type { Queryable, Statement } from '../connection/queryable.ts';

/** Records of a topic whose time was out of the ordinary, by the hour of their timestamps. */
export interface UntimelyCount {
  /** Where the hour begins, in seconds since the epoch. */
  readonly start: number;
  readonly topic: string;
  readonly reason: string;
  readonly records: number;
}

const ADD: Statement = {
  name: 'analytics-add-untimely',
  text: `
    INSERT INTO analytics_untimely AS known (starts_at, topic, reason, records)
    SELECT to_timestamp(start), topic, reason, records
    FROM unnest($1::float8[], $2::text[], $3::text[], $4::bigint[])
      AS counted (start, topic, reason, records)
    ORDER BY start, topic COLLATE "C", reason COLLATE "C"
    ON CONFLICT (starts_at, topic, reason) DO UPDATE
    SET records = known.records + EXCLUDED.records`,
};

/** Adds to the counts. Each hour, topic and reason at most once in a call. */
export async function addUntimely(
  transaction: Queryable,
  counts: readonly UntimelyCount[],
): Promise<void> {
  if (counts.length === 0) return;
  await transaction.query(ADD, [
    counts.map(({ start }) => start),
    counts.map(({ topic }) => topic),
    counts.map(({ reason }) => reason),
    counts.map(({ records }) => records),
  ]);
}
