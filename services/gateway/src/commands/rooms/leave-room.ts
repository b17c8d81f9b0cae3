import { type MemberRole, memberLeft, memberRoleChanged, roomArchived } from '@sori/chat-events';
import {
  archiveRoom,
  endMembership,
  findMostSenior,
  type LockedRoom,
  type Queryable,
  raiseMembersVersion,
  setRole,
} from '@sori/postgres';
import type { ChangeState, Tell } from '../state-change.ts';
import { assertGroup, lockRoomOf } from './room-of-member.ts';

/** Leaves a group. Nobody leaves a direct room. */
export function leaveRoom(change: ChangeState, roomId: string, userId: string): Promise<void> {
  return change(async (db, tell) => {
    const { room, role } = await lockRoomOf(db, roomId, userId);
    assertGroup(room);
    await takeLeave(db, tell, room, userId, role);
  });
}

/**
 * Takes a member out of a locked room at their own wish. If the last owner goes, the most senior of
 * those who stay becomes the owner: moderators before members, then who is there longest. A room that
 * nobody can write in any more, empty or with one of its two people, is archived.
 */
export async function takeLeave(
  db: Queryable,
  tell: Tell,
  room: LockedRoom,
  userId: string,
  role: MemberRole,
): Promise<void> {
  const about = { roomId: room.id, actorId: userId };
  const membersVersion = await raiseMembersVersion(db, room.id);
  await endMembership(db, {
    roomId: room.id,
    userId,
    untilVersion: membersVersion,
    removedBy: undefined,
  });
  tell(memberLeft({ ...about, userId, membersVersion }));
  const senior = await findMostSenior(db, room.id, userId);
  if (senior === undefined || room.kind === 'direct') {
    if (room.archived) return;
    await archiveRoom(db, room.id);
    tell(roomArchived({ ...about, membersVersion }));
  } else if (role === 'owner' && senior.role !== 'owner') {
    const successor = { userId: senior.userId, role: 'owner' as const };
    const nextVersion = await raiseMembersVersion(db, room.id);
    await setRole(db, room.id, successor.userId, successor.role);
    tell(memberRoleChanged({ ...about, ...successor, membersVersion: nextVersion }));
  }
}
