import { Id } from '@sori/chat-events';
import { type Static, Type } from 'typebox';
import { HISTORY_PAGE_LIMIT_MAX } from './limits.ts';
import { Person } from './person.ts';

/** The number of a message in its room: 1, 2, 3, … in the order of the log, without gaps. */
export const MessageSeq = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** A message as the history has it. Times: RFC 3339, UTC. */
export const HistoryMessage = Type.Object(
  {
    messageId: Id,
    seq: MessageSeq,
    userId: Id,
    clientMessageId: Id,
    /** Null of a deleted message, whose place stays. */
    text: Type.Union([Type.String(), Type.Null()]),
    sentAt: Type.String(),
    editedAt: Type.Optional(Type.String()),
    deleted: Type.Boolean(),
    /** From each emoji to who chose it, both in the order in which they came. */
    reactions: Type.Record(Type.String(), Type.Array(Id)),
  },
  { additionalProperties: false },
);
export type HistoryMessage = Static<typeof HistoryMessage>;

/**
 * `GET /v1/rooms/{roomId}/messages?before=&limit=`: the last `limit` messages before the one with the
 * number `before`; the latest of all without it.
 */
export const HistoryQuery = Type.Object(
  {
    before: Type.Optional(MessageSeq),
    /** HISTORY_PAGE_LIMIT unless given. */
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: HISTORY_PAGE_LIMIT_MAX })),
  },
  { additionalProperties: false },
);

/**
 * Messages in order, oldest first: an older page goes in front as it is. Only what was sent to the
 * asker while they were a member, as on the stream; so numbers may be left out.
 */
export const MessagePage = Type.Object(
  {
    messages: Type.Array(HistoryMessage),
    /** Senders, and who reacted; without those whose accounts are deleted. */
    people: Type.Array(Person),
    /** `before` of the next older page; absent when there is none. */
    next: Type.Optional(MessageSeq),
    /**
     * In the latest page: from members' ids to the number of the last message that each has seen; of
     * a large room those who are furthest, and the asker. Who has seen nothing is not in it.
     */
    readUpTo: Type.Optional(Type.Record(Id, MessageSeq)),
  },
  { additionalProperties: false },
);
export type MessagePage = Static<typeof MessagePage>;

/** The last message of a room in a list of rooms. */
export const LastMessage = Type.Object(
  {
    messageId: Id,
    seq: MessageSeq,
    userId: Id,
    /** Its first LAST_MESSAGE_TEXT_MAX_LENGTH characters; null of a deleted message. */
    text: Type.Union([Type.String(), Type.Null()]),
    /** RFC 3339, UTC. */
    sentAt: Type.String(),
  },
  { additionalProperties: false },
);
export type LastMessage = Static<typeof LastMessage>;
