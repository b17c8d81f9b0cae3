import { findMembership, listBlocksBetween, lockPeople } from '@sori/postgres';
import { Refused } from '../refused.ts';
import type { ChangeState } from '../state-change.ts';
import { admit } from './admission.ts';
import { isModerator } from './roles.ts';
import { assertGroup, lockRoomOf } from './room-of-member.ts';

export interface Invitation {
  readonly roomId: string;
  readonly actorId: string;
  readonly userId: string;
}

/**
 * Any member brings another person into a group; one who was taken out, only a moderator or owner:
 * else a removal would last until the next friend passes by.
 */
export function inviteMember(
  change: ChangeState,
  { roomId, actorId, userId }: Invitation,
): Promise<void> {
  return change(async (db, tell) => {
    const people = await lockPeople(db, [userId]);
    const { room, role } = await lockRoomOf(db, roomId, actorId);
    assertGroup(room);
    if (!people.has(userId)) throw new Refused('user-not-found');
    const membership = await findMembership(db, roomId, userId);
    if (membership?.current === true) return;
    if (membership?.removed === true && !isModerator(role)) throw new Refused('role-required');
    const blocks = await listBlocksBetween(db, actorId, [userId]);
    if (blocks.length > 0) throw new Refused('blocked');
    await admit(db, tell, room, { userId, actorId });
  });
}
