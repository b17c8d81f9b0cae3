import type { ChatCatalog } from '@sori/chat-events';
import type { Event } from '@sori/contract';
import type { HandlerContext, Handlers } from '@sori/stream';
import type { Audience } from './audience/audience.ts';
import { chatRules, friendRules, messageRules, userRules } from './audience/rules.ts';
import type { Notify } from './notify.ts';

/** What notification-consumer-group does: messages, friendships, accounts. */
export function notificationHandlers(notify: Notify): Handlers<ChatCatalog> {
  return handlersOf({ ...messageRules, ...friendRules, ...userRules }, notify);
}

/** What chat-notification-consumer-group does: rooms and their members. */
export function chatNotificationHandlers(notify: Notify): Handlers<ChatCatalog> {
  return handlersOf(chatRules, notify);
}

function handlersOf<Rules extends Readonly<Record<string, (data: never) => readonly Audience[]>>>(
  rules: Rules,
  notify: Notify,
): Handlers<ChatCatalog> {
  return Object.fromEntries(
    Object.entries(rules).map(([type, audiencesOf]) => [
      type,
      // The consumer gives a handler events of its own type only, with data that its schema passed.
      (event: Event<string, never>, context: HandlerContext) =>
        notify(event, audiencesOf(event.data), context),
    ]),
  );
}
