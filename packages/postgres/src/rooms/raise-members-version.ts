import type { Queryable, Statement } from '../connection/queryable.ts';

const RAISE: Statement = {
  name: 'rooms-raise-members-version',
  text: `
    UPDATE rooms SET members_version = members_version + 1 WHERE id = $1
    RETURNING members_version AS version`,
};

/** Begins the next version of a locked room's members, and gives its number. */
export async function raiseMembersVersion(db: Queryable, roomId: string): Promise<number> {
  const { rows } = await db.query<{ readonly version: number }>(RAISE, [roomId]);
  const [row] = rows;
  if (row === undefined) throw new Error(`room ${roomId} is locked, and is not there`);
  return row.version;
}
