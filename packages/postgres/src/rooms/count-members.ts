import type { Queryable, Statement } from '../connection/queryable.ts';

const COUNT: Statement = {
  name: 'rooms-count-members',
  text: `
    SELECT count(*)::integer AS members
    FROM room_members WHERE room_id = $1 AND until_version IS NULL`,
};

export async function countMembers(db: Queryable, roomId: string): Promise<number> {
  const { rows } = await db.query<{ readonly members: number }>(COUNT, [roomId]);
  return rows[0]?.members ?? 0;
}
