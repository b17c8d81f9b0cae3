import { roomArchived } from '@sori/chat-events';
import { archiveRoom as setArchived } from '@sori/postgres';
import { Refused } from '../refused.ts';
import type { ChangeState } from '../state-change.ts';
import { assertGroup, lockRoomOf } from './room-of-member.ts';

/** Closes a group to new messages, for good. Its members stay, and can leave. */
export function archiveRoom(change: ChangeState, roomId: string, actorId: string): Promise<void> {
  return change(async (db, tell) => {
    const { room, role } = await lockRoomOf(db, roomId, actorId);
    assertGroup(room);
    if (role !== 'owner') throw new Refused('role-required');
    if (room.archived) return;
    await setArchived(db, roomId);
    tell(roomArchived({ roomId, actorId, membersVersion: room.membersVersion }));
  });
}
