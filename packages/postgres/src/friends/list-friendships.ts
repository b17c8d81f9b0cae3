import type { Queryable, Statement } from '../connection/queryable.ts';

/** A friendship or a request, as one of the two sees it. */
export interface FriendshipWith {
  readonly userId: string;
  readonly state: 'requested' | 'friends';
  readonly requesterId: string;
}

const LIST: Statement = {
  name: 'friends-list-friendships',
  text: `
    SELECT CASE WHEN low_id = $1 THEN high_id ELSE low_id END AS "userId",
      state, requester_id AS "requesterId"
    FROM friendships WHERE low_id = $1 OR high_id = $1
    ORDER BY changed_at DESC, low_id, high_id`,
};

/** A person's friendships and requests, those that changed last first. */
export async function listFriendships(
  db: Queryable,
  userId: string,
): Promise<readonly FriendshipWith[]> {
  const { rows } = await db.query<FriendshipWith>(LIST, [userId]);
  return rows;
}
