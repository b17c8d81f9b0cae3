import { randomUUID } from 'node:crypto';
import type { NewRoom } from '@sori/api';
import { memberJoined, pairId, roomCreated } from '@sori/chat-events';
import {
  FIRST_MEMBERS_VERSION,
  findDirectRoom,
  insertMembers,
  insertRoom,
  listBlocksBetween,
  lockPeople,
  type NewMembers,
  type Queryable,
} from '@sori/postgres';
import { Refused } from '../refused.ts';
import type { ChangeState } from '../state-change.ts';
import { assertRoomsLeft } from './admission.ts';

/**
 * Opens a room and gives its id. Everybody is in it from its first version on: whoever opens a group
 * is its owner, the two of a direct room are equals. A pair has one direct room, which asking again
 * gives again.
 */
export function createRoom(
  change: ChangeState,
  actorId: string,
  { kind, name, memberIds }: NewRoom,
): Promise<string> {
  const others = memberIds.filter((id) => id !== actorId);
  const [other] = others;
  if (kind === 'direct' && (others.length !== 1 || other === undefined)) {
    throw new Refused('one-other-person');
  }
  const directPair = kind === 'direct' && other !== undefined ? pairId(actorId, other) : undefined;
  const role = kind === 'direct' ? 'member' : 'owner';
  const members: NewMembers['members'] = [
    { userId: actorId, role },
    ...others.map((userId) => ({ userId, role: 'member' as const })),
  ];
  return change(async (db, tell) => {
    await assertMayMeet(db, actorId, others);
    const existing = directPair && (await findDirectRoom(db, directPair));
    if (existing !== undefined) return existing;
    await assertRoomsLeft(db, [actorId, ...others]);
    const roomId = randomUUID();
    const fromVersion = FIRST_MEMBERS_VERSION;
    await insertRoom(db, { id: roomId, kind, name, directPair });
    await insertMembers(db, { roomId, fromVersion, members });
    const room = { roomId, actorId, membersVersion: fromVersion };
    tell(roomCreated({ ...room, kind, name }));
    tell(...members.map((member) => memberJoined({ ...room, ...member })));
    return roomId;
  });
}

/** Locks the people, which also holds off blocks between them until the room is there. */
async function assertMayMeet(
  db: Queryable,
  actorId: string,
  others: readonly string[],
): Promise<void> {
  const people = await lockPeople(db, [actorId, ...others]);
  if (!people.has(actorId)) throw new Refused('account-deleted');
  if (others.some((id) => !people.has(id))) throw new Refused('user-not-found');
  const blocks = await listBlocksBetween(db, actorId, others);
  if (blocks.length > 0) throw new Refused('blocked');
}
