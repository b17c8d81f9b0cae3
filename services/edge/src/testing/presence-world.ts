import { catalog, userOnlineStatus } from '@sori/chat-events';
import { decodeEvent } from '@sori/contract';
import { createMemoryLog, type MemoryLog, VirtualClock } from '@sori/stream/memory';
import type { EdgeLimits } from '../limits.ts';
import { notificationRecord, type TestNotification } from './notifications.ts';
import type { TestDevice } from './test-device.ts';
import { createTestEdge, TEST_TOPIC, type TestEdge } from './test-edge.ts';

/** For tests only: edges on one log in memory that tell people of their friends. */
export interface PresenceWorld extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly log: MemoryLog;
  /** Pairs of friends; changed by tests. */
  readonly friendships: Set<readonly [string, string]>;
  /** Lists of friends that were asked for so far. */
  readonly asked: readonly string[];
  /** While it is set, lists of friends cannot be read. */
  databaseFault: Error | undefined;
  startEdge(limits?: Partial<EdgeLimits>): Promise<TestEdge>;
  notify(notification: Partial<TestNotification>): Promise<void>;
  /** What user.online_status holds, as `type state device`. */
  announced(userId: string): readonly string[];
}

const STATUS = userOnlineStatus.name;

export function startPresenceWorld(): PresenceWorld {
  const clock = new VirtualClock();
  const topics = { [TEST_TOPIC]: 1, [STATUS]: userOnlineStatus.partitions };
  const log = createMemoryLog({ topics, clock });
  const friendships = new Set<readonly [string, string]>();
  const asked: string[] = [];
  const edges = new AsyncDisposableStack();
  let notified = 0;
  const world: PresenceWorld = {
    clock,
    log,
    friendships,
    asked,
    databaseFault: undefined,
    async startEdge(limits) {
      const edge = createTestEdge(log.reader(), clock, limits, {
        edgeId: 'edge.1',
        reader: log.reader(),
        writer: log.writer(),
        async friendsOf(userId) {
          asked.push(userId);
          if (world.databaseFault !== undefined) throw world.databaseFault;
          return Array.from(friendships).flatMap(([one, other]) => {
            if (one === userId) return [other];
            return other === userId ? [one] : [];
          });
        },
      });
      edges.use(edge);
      await edge.delivery.reader.start();
      return edge;
    },
    async notify(notification) {
      const sourceId = `event-${notified++}`;
      const record = notificationRecord({ recipients: [], sourceId, ...notification });
      log.store({ topic: TEST_TOPIC, partition: 0 }, [record]);
      await clock.settle();
    },
    announced(userId) {
      return log
        .records(STATUS)
        .filter(({ key }) => String(key) === userId)
        .map((record) => {
          const { type, data } = decodeEvent(record, catalog.findEvent);
          const { state, device } = data as { readonly state: string; readonly device: string };
          return `${type.replace('user.presence.', '')} ${state} ${device}`;
        });
    },
    async [Symbol.asyncDispose]() {
      const closing = edges.disposeAsync();
      await clock.advance(10_000);
      await closing;
      await log[Symbol.asyncDispose]();
    },
  };
  return world;
}

/** What a device was told of friends, a line a frame: `all ann=online` for a snapshot. */
export function seenPresence({ frames }: TestDevice): readonly string[] {
  return frames
    .filter(({ event }) => event === 'presence')
    .map(({ id, data }) => {
      if (id !== undefined) throw new Error('presence has a place in the feed');
      const { people, snapshot } = data as {
        readonly people: readonly { readonly userId: string; readonly state: string }[];
        readonly snapshot?: true;
      };
      const told = people.map(({ userId, state }) => `${userId}=${state}`).sort();
      return [snapshot ? 'all' : 'changed', ...told].join(' ');
    });
}
