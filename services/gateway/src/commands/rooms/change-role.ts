import { type MemberRole, memberRoleChanged } from '@sori/chat-events';
import { findMembership, findMostSenior, raiseMembersVersion, setRole } from '@sori/postgres';
import { Refused } from '../refused.ts';
import type { ChangeState } from '../state-change.ts';
import { isModerator, mayChangeRole } from './roles.ts';
import { assertGroup, assertNotArchived, lockRoomOf } from './room-of-member.ts';

export interface NewRole {
  readonly roomId: string;
  readonly actorId: string;
  readonly userId: string;
  readonly role: MemberRole;
}

/** Gives a member of a group another role. The last owner stays one. */
export function changeRole(
  change: ChangeState,
  { roomId, actorId, userId, role }: NewRole,
): Promise<void> {
  return change(async (db, tell) => {
    const { room, role: actorRole } = await lockRoomOf(db, roomId, actorId);
    assertGroup(room);
    assertNotArchived(room);
    const membership = await findMembership(db, roomId, userId);
    const oneself = userId === actorId;
    if (!oneself && !isModerator(actorRole)) throw new Refused('role-required');
    if (membership?.current !== true) throw new Refused('member-not-found');
    if (membership.role === role) return;
    if (!mayChangeRole(actorRole, { from: membership.role, to: role, oneself })) {
      throw new Refused('role-required');
    }
    if (membership.role === 'owner') {
      const senior = await findMostSenior(db, roomId, userId);
      if (senior?.role !== 'owner') throw new Refused('last-owner');
    }
    const membersVersion = await raiseMembersVersion(db, roomId);
    await setRole(db, roomId, userId, role);
    tell(memberRoleChanged({ roomId, actorId, userId, role, membersVersion }));
  });
}
