import type { Message, OutgoingMessage, Person, Room, State, Timeline } from './model.ts';

/** The last thing that was said in a room. */
export type LastSaid =
  | {
      readonly kind: 'message';
      readonly message: Pick<Message, 'userId' | 'text' | 'deleted'>;
      readonly at: string;
    }
  | { readonly kind: 'outgoing'; readonly outgoing: OutgoingMessage; readonly at: string };

/** Of what the feed and the history told, or, where that is nothing yet, the list of rooms. */
export function lastSaid(
  timeline: Timeline | undefined,
  room: Pick<Room, 'lastMessage'>,
): LastSaid | undefined {
  const outgoing = timeline?.outgoing.at(-1);
  if (outgoing !== undefined) return { kind: 'outgoing', outgoing, at: outgoing.createdAt };
  const message = timeline?.messages.at(-1);
  const listed = room.lastMessage;
  const isListedLater =
    listed !== undefined && (message === undefined || listed.sentAt > message.sentAt);
  if (isListedLater) {
    const { userId, text, sentAt: at } = listed;
    return { kind: 'message', message: { userId, text: text ?? '', deleted: text === null }, at };
  }
  return message && { kind: 'message', message, at: message.sentAt };
}

/** The other one of a direct room, undefined for a group or where nobody else is known. */
export function counterpart(room: Room, people: State['people'], me: string): Person | undefined {
  if (room.kind !== 'direct') return undefined;
  const other = room.members?.find(({ userId }) => userId !== me);
  return other && people[other.userId];
}

/** A direct room is called as the other one is; a group has a name of its own. */
export function roomTitle(room: Room, people: State['people'], me: string): string {
  return counterpart(room, people, me)?.displayName ?? room.name;
}

/** Where something was said last comes first; rooms without a word by their name; archived last. */
export function orderRooms(
  rooms: State['rooms'],
  timelines: State['timelines'],
  titleOf: (room: Room) => string,
  compareTitles: (one: string, other: string) => number,
): readonly Room[] {
  const keyed = Object.values(rooms).map((room) => ({
    room,
    at: lastSaid(timelines[room.id], room)?.at ?? '',
    title: titleOf(room),
  }));
  keyed.sort((one, other) => {
    if (one.room.archived !== other.room.archived) return one.room.archived ? 1 : -1;
    if (one.at !== other.at) return one.at < other.at ? 1 : -1;
    return compareTitles(one.title, other.title);
  });
  return keyed.map(({ room }) => room);
}

/** Unread messages in all rooms that are not muted: what the window's title tells of. */
export function unreadInAll({ rooms, timelines }: Pick<State, 'rooms' | 'timelines'>): number {
  let unread = 0;
  for (const [roomId, timeline] of Object.entries(timelines)) {
    if (rooms[roomId]?.muted === false) unread += timeline.unread;
  }
  return unread;
}
