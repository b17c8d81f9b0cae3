import type { Queryable, Statement } from '../connection/queryable.ts';
import type { DeadLetterCount } from './add-dead-letters.ts';
import type { WindowRange } from './windows.ts';

/** The dead letters of a topic that a group gave up for one reason. */
export type DeadLetterSum = Pick<DeadLetterCount, 'topic' | 'reason' | 'group' | 'records'>;

const SUM: Statement = {
  name: 'analytics-sum-dead-letters',
  text: `
    SELECT topic, reason, consumer_group AS "group", sum(records)::float8 AS records
    FROM analytics_dead_letters
    WHERE width = $1 AND starts_at >= to_timestamp($2) AND starts_at < to_timestamp($3)
    GROUP BY topic, reason, consumer_group
    ORDER BY sum(records) DESC, topic, reason, consumer_group
    LIMIT $4`,
};

/** Dead letters of a whole range, the most frequent first. */
export async function sumDeadLetters(
  db: Queryable,
  { width, from, to }: WindowRange,
  limit: number,
): Promise<readonly DeadLetterSum[]> {
  return (await db.query<DeadLetterSum>(SUM, [width, from, to, limit])).rows;
}
