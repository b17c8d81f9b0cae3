import { DAY_MS, defineTopic, GIBIBYTE, HOUR_MS, MINUTE_MS } from '@sori/contract';

/** What the seed asks of every topic: three copies, seven days. */
const REPLICATION_FACTOR = 3;
const LIVE = { class: 'short', ms: 7 * DAY_MS } as const;

export const userEvents = defineTopic({
  name: 'user.events',
  description: 'Accounts, profiles, sessions and settings',
  partitions: 3,
  replicationFactor: REPLICATION_FACTOR,
  key: 'user_id',
  retention: LIVE,
  expectedLoad: { eventsPerSecond: 50, bytesPerSecond: 5_000 },
});

export const userOnlineStatus = defineTopic({
  name: 'user.online_status',
  naming: 'state',
  description: 'Presence leases: only the latest matters',
  partitions: 6,
  replicationFactor: REPLICATION_FACTOR,
  key: 'user_id',
  retention: { class: 'transient', ms: HOUR_MS },
  // Retention works on closed segments only: with the broker's default of a week none would close in the hour.
  segment: { ms: 10 * MINUTE_MS },
  compression: 'lz4',
  expectedLoad: { eventsPerSecond: 500, bytesPerSecond: 50_000 },
});

export const friendEvents = defineTopic({
  name: 'friend.events',
  description: 'Friend requests, friendships and blocks',
  partitions: 3,
  replicationFactor: REPLICATION_FACTOR,
  key: 'entity_id',
  retention: LIVE,
  expectedLoad: { eventsPerSecond: 100, bytesPerSecond: 10_000 },
});

export const chatEvents = defineTopic({
  name: 'chat.events',
  description: 'Rooms and their members',
  partitions: 3,
  replicationFactor: REPLICATION_FACTOR,
  key: 'entity_id',
  retention: LIVE,
  expectedLoad: { eventsPerSecond: 20, bytesPerSecond: 4_000 },
});

export const messageEvents = defineTopic({
  name: 'message.events',
  description: 'Messages, reactions and read receipts, in room order',
  partitions: 10,
  replicationFactor: REPLICATION_FACTOR,
  key: 'room_id',
  retention: { ...LIVE, bytes: 10 * GIBIBYTE },
  segment: { bytes: GIBIBYTE },
  compression: 'snappy',
  expectedLoad: { eventsPerSecond: 1_000, bytesPerSecond: 1_000_000 },
});

export const notificationEvents = defineTopic({
  name: 'notification.events',
  description: 'What reaches screens: one record an event, with its recipients',
  partitions: 3,
  replicationFactor: REPLICATION_FACTOR,
  key: 'room_id or user_id',
  retention: LIVE,
  compression: 'snappy',
  expectedLoad: { eventsPerSecond: 1_200, bytesPerSecond: 1_800_000 },
});

export const topics = Object.freeze([
  userEvents,
  userOnlineStatus,
  friendEvents,
  chatEvents,
  messageEvents,
  notificationEvents,
]);
