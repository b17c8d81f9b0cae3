import type { HistoryMessage, MessagePage } from '@sori/api';
import {
  EMPTY_TIMELINE,
  INITIAL_STATE,
  type Message,
  type Person,
  type Room,
  type State,
  type Timeline,
} from '../state/model.ts';
import type { FeedFrame } from '../stream/frame.ts';

export const ADA: Person = { id: 'ada', handle: 'ada', displayName: 'Ada' };
export const MINJI: Person = { id: 'minji', handle: 'minji', displayName: '민지' };

export const ROOM: Room = {
  id: 'room',
  kind: 'group',
  name: 'Release crew',
  archived: false,
  muted: false,
  role: 'owner',
};

/** Ada is signed in, and in one room. */
export const SIGNED_IN: State = {
  ...INITIAL_STATE,
  phase: { name: 'signed-in', me: ADA },
  people: { [ADA.id]: ADA, [MINJI.id]: MINJI },
  rooms: { [ROOM.id]: ROOM },
  roomsLoaded: true,
};

export function message(id: string, fields: Partial<Message> = {}): Message {
  return {
    id,
    seq: undefined,
    userId: MINJI.id,
    clientMessageId: `client-${id}`,
    text: `text of ${id}`,
    sentAt: '2026-03-02T09:00:00.000Z',
    editedAt: undefined,
    deleted: false,
    reactions: {},
    ...fields,
  };
}

export function timelineOf(messages: readonly Message[], fields: Partial<Timeline> = {}): Timeline {
  return { ...EMPTY_TIMELINE, messages, ...fields };
}

/** The whole history of a room, as one page. */
export function pageOf(
  messages: readonly (readonly [string, Partial<HistoryMessage>])[],
): MessagePage {
  return {
    messages: messages.map(([id, fields], index) => {
      const { userId, clientMessageId, text, sentAt, deleted } = message(id);
      const told = { userId, clientMessageId, text, sentAt, deleted, reactions: {} };
      return { messageId: id, seq: index + 1, ...told, ...fields };
    }),
    people: [],
  };
}

type FrameOf<Type extends FeedFrame['type']> = Extract<FeedFrame, { type: Type }>;

/** A frame of a type: what it says beside the room and the version of its members. */
export function frame<Type extends FeedFrame['type']>(
  type: Type,
  data: Omit<FrameOf<Type>['data'], 'membersVersion'>,
  fields: Partial<Pick<FeedFrame, 'id' | 'time' | 'alert'>> = {},
): FrameOf<Type> {
  return {
    type,
    id: `${type} ${JSON.stringify(data)}`,
    time: '2026-03-02T09:00:00.000Z',
    alert: false,
    data: { membersVersion: 1, ...data },
    ...fields,
  } as unknown as FrameOf<Type>;
}

export function sent(id: string, userId: string = MINJI.id): FrameOf<'message.chat.sent'> {
  const { clientMessageId, text } = message(id);
  return frame(
    'message.chat.sent',
    { roomId: ROOM.id, userId, messageId: id, clientMessageId, text },
    { id },
  );
}
