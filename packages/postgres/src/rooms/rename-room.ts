import type { Queryable, Statement } from '../connection/queryable.ts';

const RENAME: Statement = {
  name: 'rooms-rename',
  text: 'UPDATE rooms SET name = $2 WHERE id = $1',
};

export async function renameRoom(db: Queryable, roomId: string, name: string): Promise<void> {
  await db.query(RENAME, [roomId, name]);
}
