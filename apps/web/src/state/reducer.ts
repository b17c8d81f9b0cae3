import type { Action } from './actions.ts';
import {
  applyFrame,
  changeRoom,
  changeTimeline,
  dropRoom,
  putRole,
  rename,
  takeMember,
} from './feed.ts';
import { merge, recount } from './history.ts';
import {
  EMPTY_TIMELINE,
  INITIAL_STATE,
  type OutgoingMessage,
  type Person,
  type Room,
  type State,
  type Timeline,
} from './model.ts';
import { applyPresence } from './presence.ts';
import * as timelines from './timeline.ts';

/** The most things that went wrong which are shown at once; the oldest goes first. */
const NOTICES = 3;

/** What an action changes: pure, and the same object where it changes nothing. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'settings/loaded':
      return { ...state, openSignIn: action.development };
    case 'session/started':
      return addPeople({ ...state, phase: { name: 'signed-in', me: action.me } }, [action.me]);
    case 'me/renamed':
      return rename(state, myId(state), myId(state), action.displayName);
    case 'session/ended':
      return {
        ...INITIAL_STATE,
        openSignIn: state.openSignIn,
        phase: { name: 'signed-out', reason: action.reason },
      };
    case 'session/unreachable':
      return { ...state, phase: { name: 'unreachable' } };
    case 'people/loaded':
      return addPeople(state, action.people);
    case 'rooms/loaded':
      return loadRooms(state, action.rooms);
    case 'room/loaded':
      return loadRoom(state, action.room);
    case 'room/left':
      return dropRoom(state, action.roomId);
    case 'room/renamed':
      return changeRoom(state, action.roomId, { name: action.name });
    case 'room/archived':
      return changeRoom(state, action.roomId, { archived: true });
    case 'room/muted':
      return changeRoom(state, action.roomId, { muted: action.muted });
    case 'room/watched':
      return watch(state, action.roomId);
    case 'member/changed': {
      const { roomId, userId, role } = action;
      const me = myId(state);
      return role === undefined
        ? takeMember(state, me, roomId, userId)
        : putRole(state, me, roomId, { userId, role });
    }
    case 'friends/loaded':
      return { ...state, friends: action.friends };
    case 'frame/received':
      return applyFrame(state, myId(state), action.frame);
    case 'presence/received':
      return applyPresence(state, action.frame);
    case 'gap/found':
      return interruptAll(state);
    case 'history/asked':
      return changeTimeline(state, action.roomId, (timeline) => ({
        ...timeline,
        loading: 'loading',
      }));
    case 'history/loaded':
      return changeTimeline(state, action.roomId, (timeline) =>
        merge(timeline, action, myId(state)),
      );
    case 'history/failed':
      return changeTimeline(state, action.roomId, (timeline) => ({
        ...timeline,
        loading: 'failed',
      }));
    case 'connection/changed':
      return connect(state, action.connection);
    case 'message/queued':
    case 'message/accepted':
    case 'message/failed':
    case 'message/retried':
    case 'message/discarded':
      return changeOutgoing(state, action);
    case 'message/edited':
      return changeTimeline(state, action.roomId, (timeline) =>
        timelines.edit(timeline, action.messageId, action),
      );
    case 'message/deleted':
      return changeTimeline(state, action.roomId, (timeline) =>
        timelines.markDeleted(timeline, action.messageId),
      );
    case 'message/reacted':
      return changeTimeline(state, action.roomId, (timeline) =>
        timelines.react(timeline, { ...action, userId: myId(state) }, action.present),
      );
    case 'draft/changed':
      return { ...state, drafts: { ...state.drafts, [action.roomId]: action.text } };
    case 'outgoing/restored':
      return { ...state, timelines: restore(action.outgoing) };
    case 'notice/shown': {
      const id = (state.notices.at(-1)?.id ?? 0) + 1;
      return { ...state, notices: [...state.notices, { id, code: action.code }].slice(-NOTICES) };
    }
    case 'notice/dismissed':
      return { ...state, notices: state.notices.filter(({ id }) => id !== action.id) };
    default:
      return action satisfies never;
  }
}

export function myId(state: State): string {
  return state.phase.name === 'signed-in' ? state.phase.me.id : '';
}

/** Who is there is not known without a connection: the next one begins with a snapshot. */
function connect(state: State, connection: State['connection']): State {
  if (state.connection === connection) return state;
  const presence = connection === 'live' ? state.presence : undefined;
  return { ...state, connection, presence };
}

type OutgoingAction = Extract<
  Action,
  { type: `message/${'queued' | 'accepted' | 'failed' | 'retried' | 'discarded'}` }
>;

function changeOutgoing(state: State, action: OutgoingAction): State {
  const { roomId, clientMessageId } = action;
  return changeTimeline(state, roomId, (timeline) => {
    switch (action.type) {
      case 'message/queued': {
        const { text, at: createdAt } = action;
        const sending = { state: 'sending', messageId: undefined, problem: undefined } as const;
        const outgoing = [...timeline.outgoing, { clientMessageId, text, createdAt, ...sending }];
        return { ...timeline, outgoing };
      }
      case 'message/accepted': {
        const { messageId } = action;
        const sent = { state: 'sent', messageId, problem: undefined } as const;
        return timelines.changeOutgoing(timeline, clientMessageId, sent);
      }
      case 'message/failed': {
        const failed = { state: 'failed', problem: action.problem } as const;
        return timelines.changeOutgoing(timeline, clientMessageId, failed);
      }
      case 'message/retried': {
        const sending = { state: 'sending', problem: undefined } as const;
        return timelines.changeOutgoing(timeline, clientMessageId, sending);
      }
      case 'message/discarded': {
        const outgoing = timeline.outgoing.filter(
          (sent) => sent.clientMessageId !== clientMessageId,
        );
        return { ...timeline, outgoing };
      }
      default:
        return action satisfies never;
    }
  });
}

function addPeople(state: State, people: readonly Person[]): State {
  if (people.length === 0) return state;
  const added = Object.fromEntries(people.map((person) => [person.id, person]));
  return { ...state, people: { ...state.people, ...added } };
}

/** A room that the gateway's list lacks is gone, with its messages. */
function loadRooms(state: State, loaded: readonly Room[]): State {
  const rooms: Record<string, Room> = {};
  for (const room of loaded) {
    const members = room.members ?? state.rooms[room.id]?.members;
    rooms[room.id] = members === undefined ? room : { ...room, members };
  }
  // Messages of a room that is not known yet are kept: its list may be on the way.
  const kept = Object.entries(state.timelines).filter(
    ([roomId]) => rooms[roomId] !== undefined || state.rooms[roomId] === undefined,
  );
  const watching =
    state.watching !== undefined && rooms[state.watching] ? state.watching : undefined;
  const counted: Record<string, Timeline> = Object.fromEntries(kept);
  for (const room of loaded) {
    const { unread, lastMessage: last } = room;
    if (unread === undefined) continue;
    const timeline = counted[room.id] ?? EMPTY_TIMELINE;
    if (room.id === watching) {
      // Opened before anything of it was here: what is unread is known only now.
      const isFirst = timeline.older === undefined && timeline.messages.length === 0;
      if (isFirst) counted[room.id] = { ...timeline, unreadAtOpening: unread };
      continue;
    }
    const recounted = recount(timeline, { unread, last }, myId(state));
    if (recounted !== timeline) counted[room.id] = recounted;
  }
  return { ...state, rooms, roomsLoaded: true, timelines: counted, watching };
}

/** The room alone says nothing of what was said in it: the list does. */
function loadRoom(state: State, room: Room): State {
  const lastMessage = room.lastMessage ?? state.rooms[room.id]?.lastMessage;
  const loaded = lastMessage === undefined ? room : { ...room, lastMessage };
  return { ...state, rooms: { ...state.rooms, [room.id]: loaded } };
}

function restore(
  outgoing: Readonly<Record<string, readonly OutgoingMessage[]>>,
): State['timelines'] {
  return Object.fromEntries(
    Object.entries(outgoing).map(([roomId, kept]) => [
      roomId,
      { ...EMPTY_TIMELINE, outgoing: kept },
    ]),
  );
}

function watch(state: State, roomId: string | undefined): State {
  if (state.watching === roomId) return state;
  const before = state.watching;
  const left = before === undefined ? state : changeTimeline(state, before, timelines.closed);
  const watching = { ...left, watching: roomId };
  return roomId === undefined ? watching : changeTimeline(watching, roomId, timelines.opened);
}

function interruptAll(state: State): State {
  const me = myId(state);
  const interrupt = (timeline: Timeline) =>
    timelines.interrupted(timelines.settleSent(timeline, me));
  return { ...state, timelines: mapTimelines(state.timelines, interrupt) };
}

function mapTimelines(
  all: State['timelines'],
  update: (timeline: Timeline) => Timeline,
): State['timelines'] {
  return Object.fromEntries(
    Object.entries(all).map(([roomId, timeline]) => [roomId, update(timeline)]),
  );
}
