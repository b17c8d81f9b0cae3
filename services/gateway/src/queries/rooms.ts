import {
  LAST_MESSAGE_TEXT_MAX_LENGTH,
  type Member,
  type Room,
  type RoomAndPeople,
  type RoomsAndPeople,
  UNREAD_MAX,
} from '@sori/api';
import {
  findPeople,
  findRoomOfMember,
  listMembers,
  listRoomActivity,
  listRoomsOfMember,
  type Queryable,
  type RoomActivity,
} from '@sori/postgres';
import { Refused } from '../commands/refused.ts';
import { lastMessageOf } from './history.ts';

const ACTIVITY_LIMITS = { unreadMax: UNREAD_MAX, textMax: LAST_MESSAGE_TEXT_MAX_LENGTH };

/** A room as one of its members sees it, with all its members; throws Refused for anybody else. */
export async function roomAndPeople(
  db: Queryable,
  roomId: string,
  userId: string,
): Promise<RoomAndPeople> {
  const [room, rows] = await Promise.all([
    findRoomOfMember(db, roomId, userId),
    listMembers(db, [roomId]),
  ]);
  if (room === undefined) throw new Refused('room-not-found');
  const members = rows.map(memberOf);
  const people = await findPeople(
    db,
    members.map((member) => member.userId),
  );
  return { room: { ...room, members }, people: [...people] };
}

/**
 * The rooms that a person is in, with what is unread and was said last. Of direct rooms also the
 * members: they are what names them.
 */
export async function roomsAndPeople(db: Queryable, userId: string): Promise<RoomsAndPeople> {
  const [rooms, activities] = await Promise.all([
    listRoomsOfMember(db, userId),
    listRoomActivity(db, userId, ACTIVITY_LIMITS),
  ]);
  const direct = rooms.filter(({ kind }) => kind === 'direct').map(({ id }) => id);
  const rows = await listMembers(db, direct);
  const membersOf = Map.groupBy(rows, ({ roomId }) => roomId);
  const activityOf = new Map(activities.map((activity) => [activity.roomId, activity]));
  const named = [...rows, ...activities].map((row) => row.userId);
  const people = await findPeople(db, [...new Set(named)]);
  return {
    rooms: rooms.map((room) => {
      const members = membersOf.get(room.id)?.map(memberOf);
      const withActivity = { ...room, ...activityIn(activityOf.get(room.id)) };
      return members === undefined ? withActivity : { ...withActivity, members };
    }),
    people: [...people],
  };
}

function activityIn(activity: RoomActivity | undefined): Pick<Room, 'unread' | 'lastMessage'> {
  if (activity === undefined) return { unread: 0 };
  return { unread: activity.unread, lastMessage: lastMessageOf(activity) };
}

function memberOf({ userId, role }: Member): Member {
  return { userId, role };
}
