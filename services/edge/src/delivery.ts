import type { Clock, Logger, LogReader, PublisherMetrics } from '@sori/stream';
import type { ConnectionContext } from './connection/connection.ts';
import { WriteTick } from './connection/write-tick.ts';
import { every } from './every.ts';
import { Feed } from './feed/feed.ts';
import { FeedReader } from './feed/feed-reader.ts';
import { UndecodableLog } from './feed/undecodable-log.ts';
import { Hub } from './hub/hub.ts';
import type { EdgeLimits } from './limits.ts';
import type { EdgeMetrics } from './metrics.ts';
import { createEdgePresence, type PresenceSources } from './presence/edge-presence.ts';
import { Resumer } from './resume/resumer.ts';
import { Ring } from './ring/ring.ts';

export interface DeliveryOptions {
  readonly topic: string;
  /** Stays the caller's. */
  readonly log: LogReader;
  readonly limits: EdgeLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: EdgeMetrics;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Without it, nothing is said and shown of who is there. */
  readonly presence?: PresenceSources | undefined;
  readonly publisherMetrics?: PublisherMetrics | undefined;
}

/** How often what is due by time is done, in milliseconds. */
const SWEEP_MS = 1_000;

/** All of an edge but its HTTP: from the log to what is written to connections. */
export interface Delivery extends AsyncDisposable {
  readonly context: ConnectionContext;
  readonly hub: Hub;
  readonly resumer: Resumer;
  readonly reader: FeedReader;
}

/** Puts the parts together. Nothing of the feed is read before `reader.start`. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { topic, log, limits, clock, logger, metrics, random } = options;
  const onDelivered = (ms: number): void => metrics.delivered(ms);
  const tick = new WriteTick({ clock, everyMs: limits.writeTickMs, onDelivered });
  const ring = new Ring({ maxBytes: limits.ringBytes, maxAgeMs: limits.ringAgeMs, clock });
  const undecodable = new UndecodableLog(metrics, logger);
  const feed = new Feed({
    ring,
    // The two know each other: nothing is read, and so nobody called, before both are there.
    audience: {
      deliver: (frame, recipients, id) => hub.deliver(frame, recipients, id),
      sessionEnded: (end) => hub.sessionEnded(end),
      friendsChanged: (userIds) => presence?.friendsChanged(userIds),
      gap() {
        hub.gap();
        presence?.friendsUnknown();
      },
    },
    onUndecodable: (record, error) => undecodable.add(record, error),
  });
  const context: ConnectionContext = { feed, tick, clock, limits, metrics, random };
  const presence =
    options.presence &&
    createEdgePresence({
      ...options.presence,
      connectionsOf: (userId) => hub.of(userId),
      publisherMetrics: options.publisherMetrics,
      limits,
      clock,
      logger,
      metrics,
      random,
    });
  const hub = new Hub(context, presence);
  const { warmUpMs, warmUpRecords } = limits;
  const reader = new FeedReader({ topic, log, feed, clock, logger, warmUpMs, warmUpRecords });
  const checkGrowth = (): Promise<void> => reader.checkGrowth();
  const resumer = new Resumer({ topic, log, feed, ring, checkGrowth, limits, metrics, logger });
  const sweeping = every(SWEEP_MS, clock, () => {
    hub.sweep();
    ring.expire();
    presence?.sweep();
  });
  metrics.observe(() => ({
    connections: hub.connections,
    users: hub.users,
    ring: { records: ring.records, bytes: ring.bytes, ageMs: ring.ageMs },
    failingPartitions: reader.failing.size,
    lag: reader.lag,
  }));
  return {
    context,
    hub,
    resumer,
    reader,
    async [Symbol.asyncDispose]() {
      await reader[Symbol.asyncDispose]();
      await presence?.[Symbol.asyncDispose]();
      sweeping[Symbol.dispose]();
      tick[Symbol.dispose]();
    },
  };
}
