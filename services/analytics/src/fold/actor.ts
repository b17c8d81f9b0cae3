import type { ChatCatalog } from '@sori/chat-events';
import type { Event, EventsByType } from '@sori/contract';

type ChatEvents = EventsByType<ChatCatalog>;
type ChatEvent = ChatEvents[keyof ChatEvents];

/**
 * Who did what an event tells of, if somebody did: then they were active. Being online is nothing that
 * one does, but coming is; what happens to an account, or reaches a screen, nobody did.
 */
export function actorOf(event: Event): string | undefined {
  // Decoding has checked that its data is what its type says.
  const known = event as ChatEvent;
  switch (known.type) {
    case 'user.account.registered':
    case 'user.profile.updated':
    case 'user.session.started':
    case 'user.session.ended':
    case 'user.settings.updated':
    case 'message.chat.sent':
    case 'message.chat.edited':
    case 'message.chat.deleted':
    case 'message.reaction.added':
    case 'message.reaction.removed':
    case 'message.receipt.read':
    case 'friend.relation.removed':
    case 'friend.block.created':
    case 'friend.block.removed':
      return known.data.userId;
    case 'user.presence.changed':
      return known.data.state === 'online' ? known.data.userId : undefined;
    case 'friend.request.sent':
    case 'friend.request.cancelled':
      return known.data.requesterId;
    case 'friend.request.accepted':
    case 'friend.request.rejected':
      return known.data.addresseeId;
    case 'chat.room.created':
    case 'chat.room.updated':
    case 'chat.room.archived':
    case 'chat.member.joined':
    case 'chat.member.left':
    case 'chat.member.removed':
    case 'chat.member.role-changed':
    case 'chat.member.muted':
    case 'chat.member.unmuted':
      return known.data.actorId;
    case 'user.account.deactivated':
    case 'user.account.deleted':
    case 'user.presence.heartbeat':
    case 'notification.feed.appended':
      return undefined;
  }
}
