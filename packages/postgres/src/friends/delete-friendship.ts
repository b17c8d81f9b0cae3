import type { Queryable, Statement } from '../connection/queryable.ts';
import { pairOf } from './pair.ts';

const DELETE: Statement = {
  name: 'friends-delete-friendship',
  text: 'DELETE FROM friendships WHERE low_id = $1 AND high_id = $2',
};

/** Ends a friendship, or a request. */
export async function deleteFriendship(db: Queryable, one: string, other: string): Promise<void> {
  await db.query(DELETE, pairOf(one, other));
}
