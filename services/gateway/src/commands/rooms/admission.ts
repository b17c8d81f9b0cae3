import { ROOM_MEMBERS_MAX, ROOMS_PER_PERSON_MAX } from '@sori/api';
import { memberJoined } from '@sori/chat-events';
import {
  countMembers,
  insertMembers,
  type LockedRoom,
  listPeopleInRooms,
  type Queryable,
  raiseMembersVersion,
} from '@sori/postgres';
import { Refused } from '../refused.ts';
import type { Tell } from '../state-change.ts';
import { assertNotArchived } from './room-of-member.ts';

/** The people are locked, so that none of them comes into two last rooms at once. */
export async function assertRoomsLeft(db: Queryable, userIds: readonly string[]): Promise<void> {
  const full = await listPeopleInRooms(db, userIds, ROOMS_PER_PERSON_MAX);
  if (full.length > 0) throw new Refused('too-many-rooms');
}

/** Lets one person into a room: the person and the room are locked, and the rules are satisfied. */
export async function admit(
  db: Queryable,
  tell: Tell,
  room: LockedRoom,
  { userId, actorId }: { readonly userId: string; readonly actorId: string },
): Promise<void> {
  assertNotArchived(room);
  await assertRoomsLeft(db, [userId]);
  if ((await countMembers(db, room.id)) >= ROOM_MEMBERS_MAX) throw new Refused('room-full');
  const membersVersion = await raiseMembersVersion(db, room.id);
  const role = 'member';
  await insertMembers(db, {
    roomId: room.id,
    fromVersion: membersVersion,
    members: [{ userId, role }],
  });
  tell(memberJoined({ roomId: room.id, actorId, userId, membersVersion, role }));
}
