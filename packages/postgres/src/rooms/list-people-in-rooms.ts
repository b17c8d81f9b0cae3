import type { Queryable, Statement } from '../connection/queryable.ts';

const LIST: Statement = {
  name: 'rooms-list-people-in-rooms',
  text: `
    SELECT user_id AS id
    FROM room_members WHERE user_id = ANY($1) AND until_version IS NULL
    GROUP BY user_id HAVING count(*) >= $2`,
};

/** Which of these people are in at least so many rooms. */
export async function listPeopleInRooms(
  db: Queryable,
  userIds: readonly string[],
  atLeast: number,
): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly id: string }>(LIST, [userIds, atLeast]);
  return rows.map(({ id }) => id);
}
