import type { MemberRole } from '@sori/chat-events';
import type { Queryable, Statement } from '../connection/queryable.ts';

/** A person's present membership in a room, or else their last one. */
export interface Membership {
  readonly role: MemberRole;
  readonly muted: boolean;
  /** Whether they are in the room now. */
  readonly current: boolean;
  /** Whether somebody took them out, the last time that they were in. */
  readonly removed: boolean;
}

const FIND: Statement = {
  name: 'rooms-find-membership',
  text: `
    SELECT role, muted, until_version IS NULL AS current, removed_by IS NOT NULL AS removed
    FROM room_members WHERE room_id = $1 AND user_id = $2
    ORDER BY from_version DESC LIMIT 1`,
};

/** Undefined for one who never was in the room. */
export async function findMembership(
  db: Queryable,
  roomId: string,
  userId: string,
): Promise<Membership | undefined> {
  const { rows } = await db.query<Membership>(FIND, [roomId, userId]);
  return rows[0];
}
