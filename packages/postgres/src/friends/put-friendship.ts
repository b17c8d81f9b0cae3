import type { Queryable, Statement } from '../connection/queryable.ts';
import { pairOf } from './pair.ts';

export interface Friendship {
  readonly requesterId: string;
  readonly addresseeId: string;
  readonly state: 'requested' | 'friends';
}

const PUT: Statement = {
  name: 'friends-put-friendship',
  text: `
    INSERT INTO friendships (low_id, high_id, state, requester_id) VALUES ($1, $2, $3, $4)
    ON CONFLICT (low_id, high_id) DO UPDATE
    SET state = excluded.state, requester_id = excluded.requester_id, changed_at = now()`,
};

export async function putFriendship(
  db: Queryable,
  { requesterId, addresseeId, state }: Friendship,
): Promise<void> {
  await db.query(PUT, [...pairOf(requesterId, addresseeId), state, requesterId]);
}
