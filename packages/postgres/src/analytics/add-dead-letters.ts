import type { Queryable, Statement } from '../connection/queryable.ts';
import type { Window } from './windows.ts';

/** Records of a topic that a consumer group gave up in a window, for one reason. */
export interface DeadLetterCount extends Window {
  readonly topic: string;
  /** The error's code. */
  readonly reason: string;
  readonly group: string;
  readonly records: number;
}

const ADD: Statement = {
  name: 'analytics-add-dead-letters',
  text: `
    INSERT INTO analytics_dead_letters AS known
      (width, starts_at, topic, reason, consumer_group, records)
    SELECT width, to_timestamp(start), topic, reason, consumer_group, records
    FROM unnest($1::integer[], $2::float8[], $3::text[], $4::text[], $5::text[], $6::bigint[])
      AS counted (width, start, topic, reason, consumer_group, records)
    ORDER BY width, start, topic COLLATE "C", reason COLLATE "C", consumer_group COLLATE "C"
    ON CONFLICT (width, starts_at, topic, reason, consumer_group) DO UPDATE
    SET records = known.records + EXCLUDED.records`,
};

/** Adds to the counts. Each window, topic, reason and group at most once in a call. */
export async function addDeadLetters(
  transaction: Queryable,
  counts: readonly DeadLetterCount[],
): Promise<void> {
  if (counts.length === 0) return;
  await transaction.query(ADD, [
    counts.map(({ width }) => width),
    counts.map(({ start }) => start),
    counts.map(({ topic }) => topic),
    counts.map(({ reason }) => reason),
    counts.map(({ group }) => group),
    counts.map(({ records }) => records),
  ]);
}
