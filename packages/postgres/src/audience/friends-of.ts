import type { Queryable, Statement } from '../connection/queryable.ts';

const FRIENDS_OF: Statement = {
  name: 'audience-friends-of',
  text: `
    SELECT high_id AS id FROM friendships WHERE low_id = $1 AND state = 'friends'
    UNION ALL
    SELECT low_id AS id FROM friendships WHERE high_id = $1 AND state = 'friends'
    ORDER BY id`,
};

/** The ids of a person's friends, as of now, in order; requests that wait are not among them. */
export async function friendsOf(db: Queryable, userId: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly id: string }>(FRIENDS_OF, [userId]);
  return rows.map(({ id }) => id);
}
