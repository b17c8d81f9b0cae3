import type { Queryable, Statement } from '../connection/queryable.ts';

const COUNT: Statement = {
  name: 'history-count-passed-over',
  text: `
    INSERT INTO history_passed_over AS known (partition, reason, records)
    SELECT $1, reason, records
    FROM unnest($2::text[], $3::bigint[]) AS counted (reason, records)
    ON CONFLICT (partition, reason) DO UPDATE SET records = known.records + EXCLUDED.records`,
};

/** Counts records of a partition that are not in the history, by why. */
export async function countPassedOver(
  transaction: Queryable,
  partition: number,
  counts: ReadonlyMap<string, number>,
): Promise<void> {
  if (counts.size === 0) return;
  await transaction.query(COUNT, [partition, [...counts.keys()], [...counts.values()]]);
}
