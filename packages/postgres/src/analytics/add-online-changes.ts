import type { Queryable, Statement } from '../connection/queryable.ts';

/** How many more people are online at the end of a second than at its beginning. */
export interface OnlineChange {
  /** Seconds since the epoch. */
  readonly second: number;
  readonly change: number;
}

const ADD: Statement = {
  name: 'analytics-add-online-changes',
  text: `
    INSERT INTO analytics_online_changes AS known (starts_at, change)
    SELECT to_timestamp(second), change
    FROM unnest($1::float8[], $2::bigint[]) AS counted (second, change)
    ORDER BY second
    ON CONFLICT (starts_at) DO UPDATE SET change = known.change + EXCLUDED.change`,
};

/** Adds to the changes. Each second at most once in a call. */
export async function addOnlineChanges(
  transaction: Queryable,
  changes: readonly OnlineChange[],
): Promise<void> {
  if (changes.length === 0) return;
  await transaction.query(ADD, [
    changes.map(({ second }) => second),
    changes.map(({ change }) => change),
  ]);
}
