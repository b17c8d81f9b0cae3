import { catalog, historyGroup, messageEvents } from '@sori/chat-events';
import { createPool, HISTORY_PROJECTION, type Pool } from '@sori/postgres';
import {
  createTestDatabase,
  silentLogger,
  type TestDatabase,
  terminateSessions,
  until,
} from '@sori/postgres/testing';
import { createMemoryLog, type MemoryLog } from '@sori/stream/memory';
import { createHealth, createMetrics, type Health, type Metrics } from '@sori/telemetry';
import { startHistory } from '../history.ts';
import { Talk } from './talk.ts';

/** Short, so that what is cut off comes back at once. */
const LIMITS = { retryDelayMs: 5, maxRetryDelayMs: 40, batchRecords: 60 };

export interface Member extends AsyncDisposable {
  readonly health: Health;
  readonly metrics: Metrics;
  /** Ends its connections to the database, whatever they are at. */
  cutOff(): Promise<void>;
  /** The group throws it out; it does not hear of it before its next heartbeat. */
  throwOut(): void;
}

/** For tests only: a database and a log of their own, talk in it, and members of the history's group. */
export interface TestHistory extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly pool: Pool;
  readonly log: MemoryLog;
  readonly talk: Talk;
  start(memberName?: string): Promise<Member>;
  /** Resolves when everything that the log holds is applied. */
  caughtUp(): Promise<void>;
}

export async function createTestHistory(seed: number): Promise<TestHistory> {
  await using making = new AsyncDisposableStack();
  const database = making.use(await createTestDatabase());
  const { pool } = database;
  const topics = Object.fromEntries(
    catalog.topics.map(({ name, partitions }) => [name, partitions]),
  );
  const log = making.use(createMemoryLog({ topics }));
  const talk = new Talk(log, seed);
  const reader = log.reader();
  const stack = making.move();
  return {
    database,
    pool,
    log,
    talk,
    async start(memberName = 'history-1') {
      await using starting = new AsyncDisposableStack();
      const applicationName = memberName;
      const own = starting.use(
        createPool({ url: database.url, applicationName, logger: silentLogger }),
      );
      const [health, metrics] = [createHealth(), createMetrics({ service: 'history' })];
      starting.use(
        await startHistory({
          ...{ memberName, catalog, health, metrics, limits: LIMITS, logger: silentLogger },
          reader: log.reader(),
          coordinator: log.coordinator(),
          pool: own,
        }),
      );
      const running = starting.move();
      return {
        health,
        metrics,
        cutOff: async () => void (await terminateSessions(pool, applicationName)),
        throwOut: () => log.faults.removeMember(historyGroup.id, memberName),
        [Symbol.asyncDispose]: () => running.disposeAsync(),
      };
    },
    async caughtUp() {
      const ends = (await reader.listOffsets([messageEvents.name], 'latest')).filter(
        ({ offset }) => offset > 0,
      );
      await until('the history has caught up', async () => {
        const { rows } = await pool.query<{ partition: number; position: number }>(
          `SELECT partition, position::float8 AS position FROM projection_positions
           WHERE projection = $1`,
          [HISTORY_PROJECTION],
        );
        const positions = new Map(rows.map(({ partition, position }) => [partition, position]));
        return ends.every(({ partition, offset }) => positions.get(partition) === offset);
      });
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
