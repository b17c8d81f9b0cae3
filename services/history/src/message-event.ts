import type { ChatCatalog } from '@sori/chat-events';
import type { Event, EventsByType } from '@sori/contract';

type ByType = EventsByType<ChatCatalog>;

/** The event types that the history is made of. */
export const MESSAGE_TYPES = [
  'message.chat.sent',
  'message.chat.edited',
  'message.chat.deleted',
  'message.reaction.added',
  'message.reaction.removed',
  'message.receipt.read',
] as const satisfies readonly (keyof ByType)[];

export type MessageType = (typeof MESSAGE_TYPES)[number];
export type MessageEvent = ByType[MessageType];
export type MessageSent = ByType['message.chat.sent'];

const TYPES: ReadonlySet<string> = new Set(MESSAGE_TYPES);

/** Whether the history takes the event; decoding has checked that its data is what its type says. */
export function isMessageEvent(event: Event): event is MessageEvent {
  return TYPES.has(event.type);
}
