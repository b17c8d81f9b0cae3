export { type ChatCatalog, catalog } from './catalog.ts';
export {
  memberJoined,
  memberLeft,
  memberMuted,
  memberRemoved,
  memberRoleChanged,
  memberUnmuted,
  roomArchived,
  roomCreated,
  roomUpdated,
} from './events/chat.ts';
export {
  friendBlockCreated,
  friendBlockRemoved,
  friendRemoved,
  friendRequestAccepted,
  friendRequestCancelled,
  friendRequestRejected,
  friendRequestSent,
  pairId,
} from './events/friend.ts';
export {
  messageDeleted,
  messageEdited,
  messageSent,
  reactionAdded,
  reactionRemoved,
  receiptRead,
} from './events/message.ts';
export { feedAppended, RECIPIENTS_PER_NOTIFICATION } from './events/notification.ts';
export { presenceChanged, presenceHeartbeat } from './events/presence.ts';
export {
  accountDeactivated,
  accountDeleted,
  accountRegistered,
  profileUpdated,
  sessionEnded,
  sessionStarted,
  settingsUpdated,
} from './events/user.ts';
export {
  DisplayName,
  Emoji,
  Handle,
  Id,
  MESSAGE_TEXT_MAX_LENGTH,
  MemberRole,
  MessageText,
  RoomKind,
  RoomName,
} from './fields.ts';
export {
  analyticsGroup,
  chatNotificationGroup,
  historyGroup,
  notificationGroup,
} from './groups.ts';
export {
  chatEvents,
  friendEvents,
  messageEvents,
  notificationEvents,
  userEvents,
  userOnlineStatus,
} from './topics.ts';
