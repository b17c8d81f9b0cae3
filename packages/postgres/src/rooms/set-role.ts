import type { MemberRole } from '@sori/chat-events';
import type { Queryable, Statement } from '../connection/queryable.ts';

const SET: Statement = {
  name: 'rooms-set-role',
  text: `
    UPDATE room_members SET role = $3
    WHERE room_id = $1 AND user_id = $2 AND until_version IS NULL`,
};

export async function setRole(
  db: Queryable,
  roomId: string,
  userId: string,
  role: MemberRole,
): Promise<void> {
  await db.query(SET, [roomId, userId, role]);
}
