import type { Queryable, Statement } from '../connection/queryable.ts';

const SET: Statement = {
  name: 'rooms-set-muted',
  text: `
    UPDATE room_members SET muted = $3
    WHERE room_id = $1 AND user_id = $2 AND until_version IS NULL`,
};

export async function setMuted(
  db: Queryable,
  roomId: string,
  userId: string,
  muted: boolean,
): Promise<void> {
  await db.query(SET, [roomId, userId, muted]);
}
