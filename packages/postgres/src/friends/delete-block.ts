import type { Queryable, Statement } from '../connection/queryable.ts';

const DELETE: Statement = {
  name: 'friends-delete-block',
  text: 'DELETE FROM blocks WHERE blocker_id = $1 AND blocked_id = $2',
};

/** Whether there was one. */
export async function deleteBlock(
  db: Queryable,
  blockerId: string,
  blockedId: string,
): Promise<boolean> {
  const { rowCount } = await db.query(DELETE, [blockerId, blockedId]);
  return rowCount === 1;
}
