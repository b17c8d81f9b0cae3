import type { Queryable, Statement } from '../connection/queryable.ts';
import type { Window } from './windows.ts';

/** Somebody who did something in a window. */
export interface ActiveUser extends Window {
  readonly userId: string;
}

const ADD: Statement = {
  name: 'analytics-add-active-users',
  text: `
    WITH fresh AS (
      INSERT INTO analytics_active_users (width, starts_at, user_id)
      SELECT width, to_timestamp(start), user_id
      FROM unnest($1::integer[], $2::float8[], $3::text[]) AS seen (width, start, user_id)
      ORDER BY width, start, user_id COLLATE "C"
      ON CONFLICT DO NOTHING
      RETURNING width, starts_at
    )
    INSERT INTO analytics_active_counts AS known (width, starts_at, users)
    SELECT width, starts_at, count(*) FROM fresh
    GROUP BY width, starts_at
    ORDER BY width, starts_at
    ON CONFLICT (width, starts_at) DO UPDATE SET users = known.users + EXCLUDED.users`,
};

/** Counts each person once in each window, however often the two are seen together. */
export async function addActiveUsers(
  transaction: Queryable,
  users: readonly ActiveUser[],
): Promise<void> {
  if (users.length === 0) return;
  await transaction.query(ADD, [
    users.map(({ width }) => width),
    users.map(({ start }) => start),
    users.map(({ userId }) => userId),
  ]);
}
