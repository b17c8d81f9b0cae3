import type { MemberRole } from '@sori/chat-events';
import type { Queryable, Statement } from '../connection/queryable.ts';

const FIND: Statement = {
  name: 'rooms-find-most-senior',
  text: `
    SELECT user_id AS "userId", role
    FROM room_members WHERE room_id = $1 AND user_id <> $2 AND until_version IS NULL
    ORDER BY array_position(ARRAY['owner', 'moderator', 'member'], role), from_version, user_id
    LIMIT 1`,
};

/**
 * The most senior member but one: owners before moderators before members, and of equals the one who
 * is in the room longest. Undefined if nobody else is in it.
 */
export async function findMostSenior(
  db: Queryable,
  roomId: string,
  exceptUserId: string,
): Promise<{ readonly userId: string; readonly role: MemberRole } | undefined> {
  const { rows } = await db.query<{ readonly userId: string; readonly role: MemberRole }>(FIND, [
    roomId,
    exceptUserId,
  ]);
  return rows[0];
}
