import { memberMuted, memberUnmuted } from '@sori/chat-events';
import { setMuted } from '@sori/postgres';
import type { ChangeState } from '../state-change.ts';
import { lockRoomOf } from './room-of-member.ts';

export interface Muting {
  readonly roomId: string;
  readonly userId: string;
  readonly muted: boolean;
}

/** Says whether a member wants alerts from a room. It does not change who is in it. */
export function muteRoom(change: ChangeState, { roomId, userId, muted }: Muting): Promise<void> {
  return change(async (db, tell) => {
    const { room, muted: before } = await lockRoomOf(db, roomId, userId);
    if (before === muted) return;
    await setMuted(db, roomId, userId, muted);
    const event = muted ? memberMuted : memberUnmuted;
    tell(event({ roomId, actorId: userId, userId, membersVersion: room.membersVersion }));
  });
}
