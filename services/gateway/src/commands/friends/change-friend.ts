import type { FriendStep } from '@sori/api';
import {
  deleteBlock,
  deleteFriendship,
  findRelation,
  insertBlock,
  lockPeople,
  putFriendship,
} from '@sori/postgres';
import { Refused } from '../refused.ts';
import type { ChangeState } from '../state-change.ts';
import { friendStep } from './friend-step.ts';

export interface FriendChange {
  readonly step: FriendStep;
  readonly userId: string;
  readonly otherUserId: string;
}

/** Takes one step between two people; steps that cross are taken one after the other. */
export function changeFriend(
  change: ChangeState,
  { step, userId, otherUserId }: FriendChange,
): Promise<void> {
  return change(async (db, tell) => {
    if (userId === otherUserId) throw new Refused('oneself');
    const people = await lockPeople(db, [userId, otherUserId]);
    if (!people.has(userId)) throw new Refused('account-deleted');
    if (!people.has(otherUserId)) throw new Refused('user-not-found');
    const relation = await findRelation(db, userId, otherUserId);
    const { friendship, block, events } = friendStep(step, userId, otherUserId, relation);
    if (friendship === 'ended') {
      await deleteFriendship(db, userId, otherUserId);
    } else if (friendship !== undefined) {
      const { requesterId, state } = friendship;
      const addresseeId = requesterId === userId ? otherUserId : userId;
      await putFriendship(db, { requesterId, addresseeId, state });
    }
    if (block === 'created') await insertBlock(db, userId, otherUserId);
    if (block === 'removed') await deleteBlock(db, userId, otherUserId);
    tell(...events);
  });
}
