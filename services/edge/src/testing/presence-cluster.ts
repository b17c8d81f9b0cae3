import { randomBytes } from 'node:crypto';
import { PRESENCE_EVENT, type PresenceFrameData } from '@sori/api';
import { catalog, notificationEvents, userOnlineStatus } from '@sori/chat-events';
import { followFeed } from '@sori/client';
import { createKafka } from '@sori/kafka';
import { createTestTopics, renamedTopics, silentLogger, testCluster } from '@sori/kafka/testing';
import { friendsOf, type Pool } from '@sori/postgres';
import { createTestDatabase, until } from '@sori/postgres/testing';
import type { LogReader, LogWriter } from '@sori/stream';
import { createMetrics, type Metrics } from '@sori/telemetry';
import type { Edge } from '../edge.ts';
import type { EdgeLimits } from '../limits.ts';
import { startHttpEdge, tokenOf } from './http-edge.ts';

/** For tests only: edges on a real log and a real database that tell people of their friends. */
export interface PresenceCluster extends AsyncDisposable {
  readonly pool: Pool;
  readonly reader: () => LogReader;
  readonly writer: () => LogWriter;
  startEdge(limits?: Partial<EdgeLimits>): Promise<ClusterEdge>;
  /** Makes people who are friends of `userId`, and `userId`. */
  befriend(userId: string, ...friends: readonly string[]): Promise<void>;
}

export interface ClusterEdge extends Edge {
  readonly metrics: Metrics;
  /** From now on nothing that it says reaches the log, as if it had been killed. */
  silence(): void;
}

export async function startPresenceCluster(): Promise<PresenceCluster> {
  await using starting = new AsyncDisposableStack();
  const prefix = `edge-test-${randomBytes(4).toString('hex')}.`;
  const options = testCluster();
  const topics = starting.use(createTestTopics(options));
  for (const { name } of [notificationEvents, userOnlineStatus]) {
    await topics.createNamed(`${prefix}${name}`, catalog.topic(name).partitions);
  }
  const kafka = starting.use(createKafka(options));
  const { pool } = starting.use(await createTestDatabase());
  const rename = renamedTopics(prefix);
  const reader = () => rename.reader(kafka.reader());
  const writer = () => rename.writer(kafka.writer());
  const running = starting.move();
  return {
    pool,
    reader,
    writer,
    async startEdge(limits) {
      const metrics = createMetrics({ service: 'edge' });
      const spoken = silenceable(writer());
      const edge = await startHttpEdge(reader(), {
        presence: {
          edgeId: 'edge',
          reader: reader(),
          writer: spoken.writer,
          friendsOf: (userId) => friendsOf(pool, userId),
        },
        limits,
        metrics,
        logger: silentLogger,
      });
      return { ...edge, metrics, silence: spoken.silence };
    },
    async befriend(userId, ...friends) {
      await pool.query(
        `INSERT INTO users (id, handle, display_name)
         SELECT id, replace(id, '-', '_'), id FROM unnest($1::text[]) AS id ON CONFLICT DO NOTHING`,
        [[userId, ...friends]],
      );
      await pool.query(
        `INSERT INTO friendships (low_id, high_id, state, requester_id)
         SELECT least(id, $1 COLLATE "C"), greatest(id, $1 COLLATE "C"), 'friends', $1
         FROM unnest($2::text[]) AS id`,
        [userId, friends],
      );
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function silenceable(writer: LogWriter): { readonly writer: LogWriter; silence(): void } {
  let isSilent = false;
  return {
    silence: () => {
      isSilent = true;
    },
    writer: {
      partitionCount: (topic) => writer.partitionCount(topic),
      async openPartition(target, options) {
        const partition = await writer.openPartition(target, options);
        return {
          append: (records) => (isSilent ? new Promise(() => {}) : partition.append(records)),
          [Symbol.asyncDispose]: () => partition[Symbol.asyncDispose](),
        };
      },
      [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
    },
  };
}

/** For tests only: a person's device over HTTP, and what it knows of friends. */
export class Watcher implements AsyncDisposable {
  /** Every state that was told, in order, as `ben online`; a snapshot begins with `all`. */
  readonly told: string[] = [];
  readonly friends = new Map<string, string>();
  /** Other events, by type. */
  readonly events: string[] = [];
  readonly #abort = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  static async open(edge: Edge, userId: string): Promise<Watcher> {
    const watcher = new Watcher();
    let isOpen = false;
    watcher.#ended = followFeed({
      edgeUrl: edge.url,
      token: await tokenOf(userId),
      signal: watcher.#abort.signal,
      onFrame: ({ event, data }) => {
        if (event === PRESENCE_EVENT) watcher.#take(data as PresenceFrameData);
        else watcher.events.push(event);
      },
      onConnection: (now) => {
        isOpen ||= now;
      },
    });
    await until('the stream is open', () => isOpen);
    return watcher;
  }

  until(friend: string, state: string): Promise<void> {
    const current = () => this.friends.get(friend) ?? 'offline';
    return until(`${friend} is ${state}`, () => current() === state);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#ended;
  }

  #take({ people, snapshot }: PresenceFrameData): void {
    if (snapshot) {
      this.friends.clear();
      this.told.push('all');
    }
    for (const { userId, state } of people) {
      this.friends.set(userId, state);
      this.told.push(`${userId} ${state}`);
    }
  }
}
