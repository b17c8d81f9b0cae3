import type { MemberRole } from '@sori/chat-events';
import type { Queryable, Statement } from '../connection/queryable.ts';

/** Whether a person may act in a room, as of now. */
export interface SendingRights {
  /** The person's account is deleted. */
  readonly deleted: boolean;
  /** Undefined unless the person is in the room. */
  readonly membership:
    | {
        readonly role: MemberRole;
        /** The version of the room's members that an event may say it was allowed under. */
        readonly membersVersion: number;
        readonly archived: boolean;
        /** The room is direct, and one of its two people blocked the other. */
        readonly blocked: boolean;
      }
    | undefined;
}

// All by primary keys and unique indexes: this runs before every message.
const FIND: Statement = {
  name: 'rooms-find-sending-rights',
  text: `
    SELECT u.deleted_at IS NOT NULL AS deleted, m.role,
      r.members_version AS "membersVersion", r.archived_at IS NOT NULL AS archived,
      r.kind = 'direct' AND EXISTS (
        SELECT FROM blocks b
        WHERE (b.blocker_id = u.id AND b.blocked_id = other.id)
           OR (b.blocker_id = other.id AND b.blocked_id = u.id)) AS blocked
    FROM users u
    LEFT JOIN room_members m ON m.room_id = $1 AND m.user_id = u.id AND m.until_version IS NULL
    LEFT JOIN rooms r ON r.id = m.room_id
    LEFT JOIN LATERAL (
      SELECT CASE WHEN split_part(r.direct_pair, ':', 1) = u.id
        THEN split_part(r.direct_pair, ':', 2) ELSE split_part(r.direct_pair, ':', 1) END AS id
    ) other ON true
    WHERE u.id = $2`,
};

interface Row {
  readonly deleted: boolean;
  readonly role: MemberRole | null;
  readonly membersVersion: number | null;
  readonly archived: boolean;
  readonly blocked: boolean | null;
}

/** One prepared read, never cached. Undefined for a person without an account. */
export async function findSendingRights(
  db: Queryable,
  roomId: string,
  userId: string,
): Promise<SendingRights | undefined> {
  const { rows } = await db.query<Row>(FIND, [roomId, userId]);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { deleted, role, membersVersion, archived, blocked } = row;
  if (role === null || membersVersion === null) return { deleted, membership: undefined };
  return { deleted, membership: { role, membersVersion, archived, blocked: blocked === true } };
}
