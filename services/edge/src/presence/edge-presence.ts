import { catalog, userOnlineStatus } from '@sori/chat-events';
import { followPresence } from '@sori/presence';
import {
  type Clock,
  createPublisher,
  type Logger,
  type LogReader,
  type LogWriter,
  type PublisherLimits,
  type PublisherMetrics,
} from '@sori/stream';
import type { Connection } from '../connection/connection.ts';
import type { Attendance } from '../hub/hub.ts';
import type { EdgeLimits } from '../limits.ts';
import type { EdgeMetrics } from '../metrics.ts';
import { Announcer } from './announcer.ts';
import { FriendBoard } from './friend-board.ts';
import { FriendLists } from './friend-lists.ts';

/** What an edge needs to say and show who is there. */
export interface PresenceSources {
  /** A name of this edge, for whoever reads the log. */
  readonly edgeId: string;
  /** Stay the caller's. */
  readonly reader: LogReader;
  readonly writer: LogWriter;
  /** Ids of a person's friends. It may reject; then it is asked again later. */
  readonly friendsOf: (userId: string) => Promise<readonly string[]>;
}

export interface EdgePresenceOptions extends PresenceSources {
  readonly connectionsOf: (userId: string) => readonly Connection[];
  readonly limits: EdgeLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: EdgeMetrics;
  readonly publisherMetrics?: PublisherMetrics | undefined;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** Who is there: said of this edge's connections, shown of their friends. Delivery needs none of it. */
export interface EdgePresence extends Attendance, AsyncDisposable {
  /** A friendship began or ended. */
  friendsChanged(userIds: readonly string[]): void;
  /** What was told of friendships may have been missed. */
  friendsUnknown(): void;
  /** Does what is due by time. Called every second. */
  sweep(): void;
}

/** Presence that is late is worth little, and an edge that stops is not held up by it. */
const PUBLISHER_LIMITS: Partial<PublisherLimits> = Object.freeze({
  lingerMs: 20,
  bufferedRecords: 25_000,
  bufferedBytes: 16 * 1_024 * 1_024,
  deliveryDeadlineMs: 15_000,
  closeTimeoutMs: 2_000,
});

const SOURCE = '/sori/edge';

/** Starts to follow who is there, in the background. */
export function createEdgePresence(options: EdgePresenceOptions): EdgePresence {
  const { connectionsOf, limits, clock, logger, metrics, random } = options;
  const publisher = createPublisher({
    catalog,
    log: options.writer,
    source: SOURCE,
    clock,
    logger,
    metrics: options.publisherMetrics,
    limits: PUBLISHER_LIMITS,
  });
  const edgeId = toEdgeId(options.edgeId);
  const announcer = new Announcer({ edgeId, publisher, limits, clock, metrics, random });
  const presence = followPresence({
    topic: userOnlineStatus.name,
    reader: options.reader,
    leaseMs: limits.presenceLeaseMs,
    graceMs: limits.presenceGraceMs,
    heartbeatMs: limits.presenceHeartbeatMs,
    clock,
    logger,
    onTransitions: (transitions) => {
      metrics.presenceChanged(transitions.length);
      for (const { userId } of transitions) board.changed(userId);
    },
  });
  const lists = new FriendLists({
    friendsOf: options.friendsOf,
    onRead: (userId) => board.listed(userId),
    clock,
    logger,
  });
  const board = new FriendBoard({ lists, presence, connectionsOf });
  metrics.observePresence(() => ({ people: presence.present, undecodable: presence.undecodable }));
  return {
    came(connection) {
      announcer.came(connection);
      lists.keep(connection.userId);
      board.came(connection);
    },
    left(connection) {
      announcer.left(connection);
      board.left(connection);
      if (connectionsOf(connection.userId).length === 0) lists.forget(connection.userId);
    },
    friendsChanged(userIds) {
      for (const userId of userIds) lists.refresh(userId);
    },
    friendsUnknown: () => lists.refreshAll(),
    sweep() {
      announcer.beat();
      lists.read();
      board.round();
    },
    async [Symbol.asyncDispose]() {
      await presence[Symbol.asyncDispose]();
      await publisher[Symbol.asyncDispose]();
    },
  };
}

/** A name as events take it. */
function toEdgeId(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 64) || 'edge';
}
