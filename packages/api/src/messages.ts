import { Emoji, Id, MessageText } from '@sori/chat-events';
import { type Static, Type } from 'typebox';

/**
 * The sender's own id of a message, a UUID: a second try with the same one is the same message, and the
 * first text stands, whatever the second says. It is also what proves, on an edit or a deletion, who sent the message: its id is made of both.
 */
export const ClientMessageId = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
});

/** `POST /v1/rooms/{roomId}/messages` */
export const NewMessage = Type.Object(
  { clientMessageId: ClientMessageId, text: MessageText },
  { additionalProperties: false },
);
export type NewMessage = Static<typeof NewMessage>;

/** A message that every in-sync replica of its partition has. */
export const SentMessage = Type.Object(
  {
    messageId: Id,
    roomId: Id,
    partition: Type.Integer({ minimum: 0 }),
    /** Of a second try, the second record's: readers drop it by its id. */
    offset: Type.Integer({ minimum: 0 }),
    /** RFC 3339, UTC. */
    time: Type.String(),
  },
  { additionalProperties: false },
);
export type SentMessage = Static<typeof SentMessage>;

export const MessagePath = Type.Object(
  { roomId: Id, messageId: Id },
  { additionalProperties: false },
);

/** `PATCH /v1/rooms/{roomId}/messages/{messageId}` */
export const MessageChange = Type.Object(
  { clientMessageId: ClientMessageId, text: MessageText },
  { additionalProperties: false },
);

/** `DELETE /v1/rooms/{roomId}/messages/{messageId}?clientMessageId=`; moderators need none. */
export const MessageDeletion = Type.Object(
  { clientMessageId: Type.Optional(ClientMessageId) },
  { additionalProperties: false },
);

export const ReactionPath = Type.Object(
  { roomId: Id, messageId: Id, emoji: Emoji },
  { additionalProperties: false },
);

/** `PUT /v1/rooms/{roomId}/read`: everything up to this message was seen. */
export const ReadUpTo = Type.Object({ messageId: Id }, { additionalProperties: false });
