import { defineGroup } from '@sori/contract';
import { chatEvents, friendEvents, messageEvents, userEvents } from './topics.ts';

/** Somebody waits before a screen. */
const ON_SCREEN_SECONDS = 5;

export const notificationGroup = defineGroup({
  id: 'notification-consumer-group',
  topics: [userEvents.name, friendEvents.name, messageEvents.name],
  members: 3,
  purpose: 'Real-time notifications over SSE',
  unknownEvents: 'dead-letter',
  lagTargetSeconds: ON_SCREEN_SECONDS,
});

export const chatNotificationGroup = defineGroup({
  id: 'chat-notification-consumer-group',
  topics: [chatEvents.name],
  members: 1,
  purpose: 'Invitations, removals and role changes reach the screen',
  unknownEvents: 'dead-letter',
  lagTargetSeconds: ON_SCREEN_SECONDS,
});

export const analyticsGroup = defineGroup({
  id: 'analytics-consumer-group',
  topics: '*',
  members: 2,
  purpose: 'Live statistics',
});

export const historyGroup = defineGroup({
  id: 'history-consumer-group',
  topics: [messageEvents.name],
  members: 1,
  purpose: 'Scroll-back',
  lagTargetSeconds: 10,
});

export const groups = Object.freeze([
  notificationGroup,
  chatNotificationGroup,
  analyticsGroup,
  historyGroup,
]);
