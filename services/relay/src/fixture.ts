import { catalog, roomUpdated } from '@sori/chat-events';
import { appendToOutbox, type OutboxBacklog, type Pool, transaction } from '@sori/postgres';
import { createTestDatabase, silentLogger } from '@sori/postgres/testing';
import type { LogRecord } from '@sori/stream';
import { createMemoryLog, type MemoryLog } from '@sori/stream/memory';
import type { RelayMetrics } from './metrics.ts';
import { type Relay, type RelayOptions, startRelay } from './relay.ts';

/** For tests only: a database, a log in this process, and relays between them. */

export const TOPIC = 'chat.events';
export const PARTITIONS = 3;

export interface CountingMetrics extends RelayMetrics {
  readonly counts: { published: number; failed: number; parked: number };
  readonly last: { backlog: OutboxBacklog | undefined; active: boolean };
}

export function createCountingMetrics(): CountingMetrics {
  const counts = { published: 0, failed: 0, parked: 0 };
  const last: CountingMetrics['last'] = { backlog: undefined, active: false };
  return {
    counts,
    last,
    published() {
      counts.published += 1;
    },
    failed() {
      counts.failed += 1;
    },
    parked() {
      counts.parked += 1;
    },
    active(active) {
      last.active = active;
    },
    backlog(backlog) {
      last.backlog = backlog;
    },
  };
}

export interface Fixture extends AsyncDisposable {
  readonly url: string;
  readonly pool: Pool;
  readonly log: MemoryLog;
  /** Starts a relay, as a process of its own would. */
  relay(options?: Partial<RelayOptions>): Promise<TestRelay>;
}

export interface TestRelay extends Relay {
  readonly metrics: CountingMetrics;
}

export async function createFixture(
  topics: Readonly<Record<string, number>> = { [TOPIC]: PARTITIONS },
): Promise<Fixture> {
  await using making = new AsyncDisposableStack();
  const database = making.use(await createTestDatabase());
  const log = making.use(createMemoryLog({ topics }));
  const stack = making.move();
  return {
    url: database.url,
    pool: database.pool,
    log,
    async relay(options) {
      const metrics = createCountingMetrics();
      const relay = stack.use(
        await startRelay({
          databaseUrl: database.url,
          publishing: {
            catalog,
            log: log.writer(),
            source: '/sori/test',
            limits: { retryBackoffMs: 10 },
          },
          topics: [TOPIC],
          logger: silentLogger,
          metrics,
          ...options,
          limits: { campaignMs: 20, retryMinMs: 5, retryMaxMs: 50, ...options?.limits },
        }),
      );
      return Object.defineProperties(relay, { metrics: { value: metrics } }) as TestRelay;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A change of a room's name: `name` tells the events of a room apart. */
export function renamed(roomId: string, name: string) {
  return roomUpdated({ roomId, actorId: 'ann', name, membersVersion: 1 });
}

export async function append(pool: Pool, drafts: readonly ReturnType<typeof renamed>[]) {
  return await transaction(pool, (connection) =>
    appendToOutbox(connection, drafts, { source: '/sori/test' }),
  );
}

/** What the log holds of each room: the names, in log order. */
export function namesByRoom(records: readonly LogRecord[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const { key, value } of records) {
    const room = String(key);
    const { name } = JSON.parse(String(value));
    names.set(room, [...(names.get(room) ?? []), name]);
  }
  return names;
}

/** The first of each, in order: what a reader makes of a log that holds some events twice. */
export function firsts(names: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  return new Map([...names].map(([room, all]) => [room, [...new Set(all)]]));
}

/** How many rows are neither published nor parked. */
export async function waitingRows(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ readonly n: number }>(
    'SELECT count(*)::int AS n FROM outbox WHERE NOT published AND parked_at IS NULL',
  );
  return rows[0]?.n ?? 0;
}
