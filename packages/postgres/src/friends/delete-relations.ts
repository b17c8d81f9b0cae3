import type { Queryable, Statement } from '../connection/queryable.ts';

const DELETE_FRIENDSHIPS: Statement = {
  name: 'friends-delete-friendships-of',
  text: 'DELETE FROM friendships WHERE low_id = $1 OR high_id = $1',
};

const DELETE_BLOCKS: Statement = {
  name: 'friends-delete-blocks-of',
  text: 'DELETE FROM blocks WHERE blocker_id = $1 OR blocked_id = $1',
};

/** Ends everything between a person and others: friendships, requests, blocks in both directions. */
export async function deleteRelations(db: Queryable, userId: string): Promise<void> {
  await db.query(DELETE_FRIENDSHIPS, [userId]);
  await db.query(DELETE_BLOCKS, [userId]);
}
