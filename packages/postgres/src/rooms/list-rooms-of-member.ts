import type { Queryable, Statement } from '../connection/queryable.ts';
import { ROOM_OF_MEMBER_COLUMNS, type RoomOfMember } from './room.ts';

const LIST: Statement = {
  name: 'rooms-list-of-member',
  text: `
    SELECT ${ROOM_OF_MEMBER_COLUMNS}
    FROM room_members m JOIN rooms r ON r.id = m.room_id
    WHERE m.user_id = $1 AND m.until_version IS NULL
    ORDER BY r.id`,
};

/** The rooms that a person is in now, by id: the order in which several of them may be locked. */
export async function listRoomsOfMember(
  db: Queryable,
  userId: string,
): Promise<readonly RoomOfMember[]> {
  const { rows } = await db.query<RoomOfMember>(LIST, [userId]);
  return rows;
}
