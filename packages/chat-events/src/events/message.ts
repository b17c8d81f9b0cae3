import { defineEvent } from '@sori/contract';
import { Type } from 'typebox';
import { Emoji, Id, MembersVersion, MessageText } from '../fields.ts';
import { messageEvents as topic } from '../topics.ts';

/** Where it happened, who did it, and the members' version that it was allowed under. */
const InRoom = { roomId: Id, userId: Id, membersVersion: MembersVersion };

export const messageSent = defineEvent({
  type: 'message.chat.sent',
  topic,
  key: 'roomId',
  description: "A message; its id is the event's id",
  data: Type.Object({
    ...InRoom,
    messageId: Id,
    /** The sender's own id of this message, which makes a second try the same event. */
    clientMessageId: Id,
    text: MessageText,
  }),
});

export const messageEdited = defineEvent({
  type: 'message.chat.edited',
  topic,
  key: 'roomId',
  description: 'A sender changed the text of a message',
  data: Type.Object({ ...InRoom, messageId: Id, text: MessageText }),
});

export const messageDeleted = defineEvent({
  type: 'message.chat.deleted',
  topic,
  key: 'roomId',
  description: 'A message was taken back',
  data: Type.Object({ ...InRoom, messageId: Id }),
});

export const reactionAdded = defineEvent({
  type: 'message.reaction.added',
  topic,
  key: 'roomId',
  description: 'A member reacted to a message',
  data: Type.Object({ ...InRoom, messageId: Id, emoji: Emoji }),
});

export const reactionRemoved = defineEvent({
  type: 'message.reaction.removed',
  topic,
  key: 'roomId',
  description: 'A member took a reaction back',
  data: Type.Object({ ...InRoom, messageId: Id, emoji: Emoji }),
});

export const receiptRead = defineEvent({
  type: 'message.receipt.read',
  topic,
  key: 'roomId',
  description: 'A member has read a room up to a message',
  data: Type.Object({ ...InRoom, messageId: Id }),
});
