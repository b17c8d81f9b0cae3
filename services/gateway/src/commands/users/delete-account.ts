import {
  accountDeleted,
  friendRemoved,
  friendRequestCancelled,
  friendRequestRejected,
  pairId,
} from '@sori/chat-events';
import type { EventDraft } from '@sori/contract';
import {
  deleteRelations,
  type FriendshipWith,
  findMembership,
  listFriendships,
  listRoomsOfMember,
  lockPeople,
  lockRoom,
  markUserDeleted,
} from '@sori/postgres';
import { Refused } from '../refused.ts';
import { takeLeave } from '../rooms/leave-room.ts';
import type { ChangeState } from '../state-change.ts';

/**
 * Deletes an account: the person leaves every room, which passes ownership on, every friendship and
 * request ends, and what names them is wiped. All in one transaction, so nobody sees half of it.
 */
export function deleteAccount(change: ChangeState, userId: string): Promise<void> {
  return change(async (db, tell) => {
    if (!(await lockPeople(db, [userId])).has(userId)) throw new Refused('account-deleted');
    // Nobody comes into a room without this lock, so the list can only get shorter from here on.
    for (const { id } of await listRoomsOfMember(db, userId)) {
      const room = await lockRoom(db, id);
      const membership = await findMembership(db, id, userId);
      if (room === undefined || membership?.current !== true) continue;
      await takeLeave(db, tell, room, userId, membership.role);
    }
    tell(...(await listFriendships(db, userId)).map((friendship) => endOf(userId, friendship)));
    await deleteRelations(db, userId);
    await markUserDeleted(db, userId);
    tell(accountDeleted({ userId }));
  });
}

function endOf(userId: string, { userId: otherUserId, ...friendship }: FriendshipWith): EventDraft {
  const pair = { pairId: pairId(userId, otherUserId) };
  if (friendship.state === 'friends') return friendRemoved({ ...pair, userId, otherUserId });
  const mine = friendship.requesterId === userId;
  return mine
    ? friendRequestCancelled({ ...pair, requesterId: userId, addresseeId: otherUserId })
    : friendRequestRejected({ ...pair, requesterId: otherUserId, addresseeId: userId });
}
