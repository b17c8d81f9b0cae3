import type { MemberRole } from '@sori/chat-events';
import type { Queryable, Statement } from '../connection/queryable.ts';

export interface MemberOfRoom {
  readonly roomId: string;
  readonly userId: string;
  readonly role: MemberRole;
}

const LIST: Statement = {
  name: 'rooms-list-members',
  text: `
    SELECT room_id AS "roomId", user_id AS "userId", role
    FROM room_members WHERE room_id = ANY($1) AND until_version IS NULL
    ORDER BY room_id, from_version, user_id`,
};

/** Who is in these rooms now; in each, those who are there longest first. */
export async function listMembers(
  db: Queryable,
  roomIds: readonly string[],
): Promise<readonly MemberOfRoom[]> {
  if (roomIds.length === 0) return [];
  const { rows } = await db.query<MemberOfRoom>(LIST, [roomIds]);
  return rows;
}
