import type { MemberRole } from '@sori/chat-events';
import { findMembership, type LockedRoom, lockRoom, type Queryable } from '@sori/postgres';
import { Refused } from '../refused.ts';

/** A locked room, and what one of its members is in it. */
export interface RoomOfActor {
  readonly room: LockedRoom;
  readonly role: MemberRole;
  readonly muted: boolean;
}

/** Locks a room for one of its members. To anybody else it is not there. */
export async function lockRoomOf(
  db: Queryable,
  roomId: string,
  userId: string,
): Promise<RoomOfActor> {
  const room = await lockRoom(db, roomId);
  const membership = room && (await findMembership(db, roomId, userId));
  if (room === undefined || membership?.current !== true) throw new Refused('room-not-found');
  const { role, muted } = membership;
  return { room, role, muted };
}

/** Direct rooms have the two people, and the name, that they began with. */
export function assertGroup({ kind }: LockedRoom): void {
  if (kind === 'direct') throw new Refused('direct-room');
}

export function assertNotArchived({ archived }: LockedRoom): void {
  if (archived) throw new Refused('room-archived');
}
