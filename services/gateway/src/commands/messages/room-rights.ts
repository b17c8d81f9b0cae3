import type { MemberRole } from '@sori/chat-events';
import { findSendingRights, type Queryable } from '@sori/postgres';
import { Refused } from '../refused.ts';

/** What a member may do in a room, as of one read of the database. */
export interface RoomRights {
  readonly role: MemberRole;
  readonly membersVersion: number;
  readonly archived: boolean;
  readonly blocked: boolean;
}

/** The rights of a member in a room; to anybody else the room is not there. */
export async function rightsIn(db: Queryable, roomId: string, userId: string): Promise<RoomRights> {
  const rights = await findSendingRights(db, roomId, userId);
  if (rights === undefined) throw new Refused('not-registered');
  if (rights.deleted) throw new Refused('account-deleted');
  if (rights.membership === undefined) throw new Refused('room-not-found');
  return rights.membership;
}

/** The same where something new is to be said: not in an archived room, not between blocked people. */
export async function rightsToSpeak(
  db: Queryable,
  roomId: string,
  userId: string,
): Promise<RoomRights> {
  const rights = await rightsIn(db, roomId, userId);
  if (rights.archived) throw new Refused('room-archived');
  if (rights.blocked) throw new Refused('blocked');
  return rights;
}
