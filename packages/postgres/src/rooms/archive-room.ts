import type { Queryable, Statement } from '../connection/queryable.ts';

const ARCHIVE: Statement = {
  name: 'rooms-archive',
  text: 'UPDATE rooms SET archived_at = now() WHERE id = $1 AND archived_at IS NULL',
};

export async function archiveRoom(db: Queryable, roomId: string): Promise<void> {
  await db.query(ARCHIVE, [roomId]);
}
