import type { Queryable, Statement } from '../connection/queryable.ts';
import { ROOM_OF_MEMBER_COLUMNS, type RoomOfMember } from './room.ts';

const FIND: Statement = {
  name: 'rooms-find-of-member',
  text: `
    SELECT ${ROOM_OF_MEMBER_COLUMNS}
    FROM room_members m JOIN rooms r ON r.id = m.room_id
    WHERE m.room_id = $1 AND m.user_id = $2 AND m.until_version IS NULL`,
};

/** A room that the person is in now; undefined for any other. */
export async function findRoomOfMember(
  db: Queryable,
  roomId: string,
  userId: string,
): Promise<RoomOfMember | undefined> {
  const { rows } = await db.query<RoomOfMember>(FIND, [roomId, userId]);
  return rows[0];
}
