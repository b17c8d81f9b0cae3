import { defineCatalog } from '@sori/contract';
import * as chat from './events/chat.ts';
import * as friend from './events/friend.ts';
import * as message from './events/message.ts';
import * as notification from './events/notification.ts';
import * as presence from './events/presence.ts';
import * as user from './events/user.ts';
import { groups } from './groups.ts';
import { topics } from './topics.ts';

/** Everything about this product's topics, events and groups. Nothing else repeats it. */
export const catalog = defineCatalog({
  topics,
  events: [
    user.accountRegistered,
    user.accountDeactivated,
    user.accountDeleted,
    user.profileUpdated,
    user.sessionStarted,
    user.sessionEnded,
    user.settingsUpdated,
    presence.presenceChanged,
    presence.presenceHeartbeat,
    friend.friendRequestSent,
    friend.friendRequestAccepted,
    friend.friendRequestRejected,
    friend.friendRequestCancelled,
    friend.friendRemoved,
    friend.friendBlockCreated,
    friend.friendBlockRemoved,
    chat.roomCreated,
    chat.roomUpdated,
    chat.roomArchived,
    chat.memberJoined,
    chat.memberLeft,
    chat.memberRemoved,
    chat.memberRoleChanged,
    chat.memberMuted,
    chat.memberUnmuted,
    message.messageSent,
    message.messageEdited,
    message.messageDeleted,
    message.reactionAdded,
    message.reactionRemoved,
    message.receiptRead,
    notification.feedAppended,
  ],
  groups,
});

export type ChatCatalog = typeof catalog;
