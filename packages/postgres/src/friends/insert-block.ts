import type { Queryable, Statement } from '../connection/queryable.ts';

const INSERT: Statement = {
  name: 'friends-insert-block',
  text: `
    INSERT INTO blocks (blocker_id, blocked_id) VALUES ($1, $2)
    ON CONFLICT DO NOTHING`,
};

/** Whether it is new. */
export async function insertBlock(
  db: Queryable,
  blockerId: string,
  blockedId: string,
): Promise<boolean> {
  const { rowCount } = await db.query(INSERT, [blockerId, blockedId]);
  return rowCount === 1;
}
