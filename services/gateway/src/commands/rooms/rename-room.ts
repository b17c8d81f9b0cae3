import { roomUpdated } from '@sori/chat-events';
import { renameRoom as setRoomName } from '@sori/postgres';
import { Refused } from '../refused.ts';
import type { ChangeState } from '../state-change.ts';
import { isModerator } from './roles.ts';
import { assertGroup, assertNotArchived, lockRoomOf } from './room-of-member.ts';

export interface NewRoomName {
  readonly roomId: string;
  readonly actorId: string;
  readonly name: string;
}

/** Gives a group another name. */
export function renameRoom(
  change: ChangeState,
  { roomId, actorId, name }: NewRoomName,
): Promise<void> {
  return change(async (db, tell) => {
    const { room, role } = await lockRoomOf(db, roomId, actorId);
    assertGroup(room);
    if (!isModerator(role)) throw new Refused('role-required');
    assertNotArchived(room);
    if (room.name === name) return;
    await setRoomName(db, roomId, name);
    tell(roomUpdated({ roomId, actorId, name, membersVersion: room.membersVersion }));
  });
}
