import type { Queryable, Statement } from '../connection/queryable.ts';
import type { Window } from './windows.ts';

/** Records of one topic and type in a window, and the bytes of their values. */
export interface EventCount extends Window {
  readonly topic: string;
  readonly type: string;
  readonly records: number;
  readonly bytes: number;
}

// Sorted, here and in every table that several partitions add to: two transactions that meet take
// their rows in the same order, and wait for each other one way only.
const ADD: Statement = {
  name: 'analytics-add-event-counts',
  text: `
    INSERT INTO analytics_events AS known (width, starts_at, topic, type, records, bytes)
    SELECT width, to_timestamp(start), topic, type, records, bytes
    FROM unnest($1::integer[], $2::float8[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
      AS counted (width, start, topic, type, records, bytes)
    ORDER BY width, start, topic COLLATE "C", type COLLATE "C"
    ON CONFLICT (width, starts_at, topic, type) DO UPDATE
    SET records = known.records + EXCLUDED.records, bytes = known.bytes + EXCLUDED.bytes`,
};

/** Adds to the counts. Each window, topic and type at most once in a call. */
export async function addEventCounts(
  transaction: Queryable,
  counts: readonly EventCount[],
): Promise<void> {
  if (counts.length === 0) return;
  await transaction.query(ADD, [
    counts.map(({ width }) => width),
    counts.map(({ start }) => start),
    counts.map(({ topic }) => topic),
    counts.map(({ type }) => type),
    counts.map(({ records }) => records),
    counts.map(({ bytes }) => bytes),
  ]);
}
