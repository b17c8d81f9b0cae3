import type { Queryable, Statement } from '../connection/queryable.ts';

const LIST: Statement = {
  name: 'friends-list-blocked',
  text: `
    SELECT blocked_id AS id FROM blocks WHERE blocker_id = $1
    ORDER BY created_at DESC, blocked_id`,
};

/** The ids of those whom a person blocked, the latest first. */
export async function listBlocked(db: Queryable, blockerId: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly id: string }>(LIST, [blockerId]);
  return rows.map(({ id }) => id);
}
