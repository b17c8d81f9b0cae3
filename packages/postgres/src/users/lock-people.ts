import type { Queryable, Statement } from '../connection/queryable.ts';

const LOCK: Statement = {
  name: 'users-lock',
  text: `
    SELECT id FROM users WHERE id = ANY($1) AND deleted_at IS NULL
    ORDER BY id
    FOR NO KEY UPDATE`,
};

/**
 * Locks the rows of these people until the transaction ends, and gives the ids of those whose
 * accounts are there. Friendships, blocks, accounts, and who comes into a room change only under
 * this lock. Ids are locked in order, and people before rooms, so that no two transactions wait for
 * each other.
 */
export async function lockPeople(
  db: Queryable,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ readonly id: string }>(LOCK, [userIds]);
  return new Set(rows.map(({ id }) => id));
}
