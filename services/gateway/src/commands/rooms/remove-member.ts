import { memberRemoved } from '@sori/chat-events';
import { endMembership, findMembership, raiseMembersVersion } from '@sori/postgres';
import { Refused } from '../refused.ts';
import type { ChangeState } from '../state-change.ts';
import { isModerator, mayRemove } from './roles.ts';
import { assertGroup, lockRoomOf } from './room-of-member.ts';

export interface Removal {
  readonly roomId: string;
  readonly actorId: string;
  /** Somebody else: to go oneself is to leave. */
  readonly userId: string;
}

/** Takes a member out of a group; one who is not in it any more is out already. */
export function removeMember(
  change: ChangeState,
  { roomId, actorId, userId }: Removal,
): Promise<void> {
  return change(async (db, tell) => {
    const { room, role } = await lockRoomOf(db, roomId, actorId);
    assertGroup(room);
    if (!isModerator(role)) throw new Refused('role-required');
    const membership = await findMembership(db, roomId, userId);
    if (membership?.current !== true) return;
    if (!mayRemove(role, membership.role)) throw new Refused('role-required');
    const membersVersion = await raiseMembersVersion(db, roomId);
    await endMembership(db, {
      roomId,
      userId,
      untilVersion: membersVersion,
      removedBy: actorId,
    });
    tell(memberRemoved({ roomId, actorId, userId, membersVersion }));
  });
}
