import { findMembership, lockPeople, lockRoom } from '@sori/postgres';
import { Refused } from '../refused.ts';
import type { ChangeState } from '../state-change.ts';
import { admit } from './admission.ts';

/**
 * Comes into a group by its id. Whoever was taken out of it must be invited. To be in it already is
 * fine; a direct room is there for its two people only.
 */
export function joinRoom(change: ChangeState, roomId: string, userId: string): Promise<void> {
  return change(async (db, tell) => {
    if (!(await lockPeople(db, [userId])).has(userId)) throw new Refused('account-deleted');
    const room = await lockRoom(db, roomId);
    const membership = room && (await findMembership(db, roomId, userId));
    if (membership?.current === true) return;
    if (room === undefined || room.kind === 'direct') throw new Refused('room-not-found');
    if (membership?.removed === true) throw new Refused('removed-from-room');
    await admit(db, tell, room, { userId, actorId: userId });
  });
}
