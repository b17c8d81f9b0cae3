import type { FeedFrame } from '../stream/frame.ts';
import {
  EMPTY_TIMELINE,
  type Member,
  type Role,
  type Room,
  type State,
  type Timeline,
} from './model.ts';
import * as timelines from './timeline.ts';

/** What a frame of the feed changes. Told twice, it changes nothing the second time. */
export function applyFrame(state: State, me: string, frame: FeedFrame): State {
  switch (frame.type) {
    case 'message.chat.sent':
    case 'message.chat.edited':
    case 'message.chat.deleted':
    case 'message.reaction.added':
    case 'message.reaction.removed':
    case 'message.receipt.read':
      return changeLastMessage(
        changeTimeline(state, frame.data.roomId, (timeline) =>
          applyToTimeline(state, timeline, me, frame),
        ),
        frame,
      );
    case 'chat.room.updated':
      return changeRoom(state, frame.data.roomId, { name: frame.data.name });
    case 'chat.room.archived':
      return changeRoom(state, frame.data.roomId, { archived: true });
    case 'chat.member.joined':
    case 'chat.member.role-changed':
      return putRole(state, me, frame.data.roomId, frame.data);
    case 'chat.member.left':
    case 'chat.member.removed':
      return takeMember(state, me, frame.data.roomId, frame.data.userId);
    case 'chat.member.muted':
    case 'chat.member.unmuted':
      if (frame.data.userId !== me) return state;
      return changeRoom(state, frame.data.roomId, { muted: frame.type === 'chat.member.muted' });
    case 'user.profile.updated':
      return rename(state, me, frame.data.userId, frame.data.displayName);
    case 'chat.room.created':
    case 'friend.request.sent':
    case 'friend.request.accepted':
    case 'friend.request.rejected':
    case 'friend.request.cancelled':
    case 'friend.relation.removed':
    case 'friend.block.created':
    case 'friend.block.removed':
    case 'user.account.registered':
    case 'user.account.deactivated':
    case 'user.account.deleted':
    case 'user.session.started':
    case 'user.session.ended':
    case 'user.settings.updated':
      // These change what the gateway answers: `staleAfter` says what to ask it again.
      return state;
    default:
      return frame satisfies never;
  }
}

export type Stale =
  | { readonly what: 'rooms' | 'friends' }
  | { readonly what: 'room'; readonly roomId: string };

/** What must be asked of the gateway again after a frame, undefined for nothing. */
export function staleAfter(state: State, me: string, frame: FeedFrame): Stale | undefined {
  if (frame.type.startsWith('friend.')) return { what: 'friends' };
  if (frame.type === 'user.account.deleted') return { what: 'friends' };
  if (!('roomId' in frame.data)) return undefined;
  const { roomId } = frame.data;
  const gone =
    (frame.type === 'chat.member.left' || frame.type === 'chat.member.removed') &&
    frame.data.userId === me;
  if (gone) return undefined;
  if (state.rooms[roomId] === undefined) return { what: 'rooms' };
  return frame.type === 'chat.member.joined' ? { what: 'room', roomId } : undefined;
}

export function dropRoom(state: State, roomId: string): State {
  const { [roomId]: _room, ...rooms } = state.rooms;
  const { [roomId]: _timeline, ...others } = state.timelines;
  const watching = state.watching === roomId ? undefined : state.watching;
  return { ...state, rooms, timelines: others, watching };
}

export function changeTimeline(
  state: State,
  roomId: string,
  update: (timeline: Timeline) => Timeline,
): State {
  const before = state.timelines[roomId] ?? EMPTY_TIMELINE;
  const after = update(before);
  if (after === before) return state;
  return { ...state, timelines: { ...state.timelines, [roomId]: after } };
}

export function changeRoom(state: State, roomId: string, changes: Partial<Room>): State {
  const room = state.rooms[roomId];
  if (room === undefined) return state;
  return { ...state, rooms: { ...state.rooms, [roomId]: { ...room, ...changes } } };
}

/** Whether the list of rooms knew of a message when it counted what is unread. */
function isCounted(room: Room | undefined, messageId: string, time: string): boolean {
  const last = room?.lastMessage;
  return last !== undefined && (last.messageId === messageId || time <= last.sentAt);
}

/** What the list of rooms showed last may change before its room is ever opened. */
function changeLastMessage(state: State, frame: MessageFrame): State {
  if (frame.type !== 'message.chat.edited' && frame.type !== 'message.chat.deleted') return state;
  const { roomId, messageId } = frame.data;
  const last = state.rooms[roomId]?.lastMessage;
  if (last?.messageId !== messageId || last.text === null) return state;
  const text = frame.type === 'message.chat.edited' ? frame.data.text : null;
  return changeRoom(state, roomId, { lastMessage: { ...last, text } });
}

type MessageFrame = Extract<FeedFrame, { type: `message.${string}` }>;

function applyToTimeline(
  state: State,
  timeline: Timeline,
  me: string,
  frame: MessageFrame,
): Timeline {
  switch (frame.type) {
    case 'message.chat.sent': {
      const { messageId, userId, clientMessageId, text, roomId } = frame.data;
      const arrived = timelines.append(
        timeline,
        {
          id: messageId,
          seq: undefined,
          userId,
          clientMessageId,
          text,
          sentAt: frame.time,
          editedAt: undefined,
          deleted: false,
          reactions: {},
        },
        {
          mine: userId === me,
          watched: state.watching === roomId,
          counted: isCounted(state.rooms[roomId], messageId, frame.time),
        },
      );
      // Whoever writes has read what was there.
      return timelines.read(arrived, userId, messageId, me);
    }
    case 'message.chat.edited':
      return timelines.edit(timeline, frame.data.messageId, {
        text: frame.data.text,
        at: frame.time,
      });
    case 'message.chat.deleted':
      return timelines.markDeleted(timeline, frame.data.messageId);
    case 'message.reaction.added':
      return timelines.react(timeline, frame.data, true);
    case 'message.reaction.removed':
      return timelines.react(timeline, frame.data, false);
    case 'message.receipt.read':
      return timelines.read(timeline, frame.data.userId, frame.data.messageId, me);
    default:
      return frame satisfies never;
  }
}

export function putRole(
  state: State,
  me: string,
  roomId: string,
  { userId, role }: { userId: string; role: Role },
): State {
  const room = state.rooms[roomId];
  if (room === undefined) return state;
  const mine = userId === me ? { role } : {};
  if (room.members === undefined) return changeRoom(state, roomId, mine);
  const known = room.members.some((member) => member.userId === userId);
  const members: readonly Member[] = known
    ? room.members.map((member) => (member.userId === userId ? { ...member, role } : member))
    : [...room.members, { userId, role }];
  return changeRoom(state, roomId, { ...mine, members });
}

export function takeMember(state: State, me: string, roomId: string, userId: string): State {
  if (userId === me) return dropRoom(state, roomId);
  const members = state.rooms[roomId]?.members?.filter((member) => member.userId !== userId);
  return members === undefined ? state : changeRoom(state, roomId, { members });
}

export function rename(state: State, me: string, userId: string, displayName: string): State {
  const person = state.people[userId];
  const renamed =
    person === undefined
      ? state
      : { ...state, people: { ...state.people, [userId]: { ...person, displayName } } };
  if (userId !== me || renamed.phase.name !== 'signed-in') return renamed;
  return { ...renamed, phase: { name: 'signed-in', me: { ...renamed.phase.me, displayName } } };
}
