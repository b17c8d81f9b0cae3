import type { Queryable, Statement } from '../connection/queryable.ts';

const LIST: Statement = {
  name: 'friends-list-blocks-between',
  text: `
    SELECT blocked_id AS id FROM blocks WHERE blocker_id = $1 AND blocked_id = ANY($2)
    UNION
    SELECT blocker_id AS id FROM blocks WHERE blocked_id = $1 AND blocker_id = ANY($2)`,
};

/** Which of the others are parted from a person by a block, in either direction. */
export async function listBlocksBetween(
  db: Queryable,
  userId: string,
  others: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly id: string }>(LIST, [userId, others]);
  return rows.map(({ id }) => id);
}
