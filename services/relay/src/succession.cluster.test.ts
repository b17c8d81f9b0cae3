import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { catalog } from '@sori/chat-events';
import { partitionForKey } from '@sori/contract';
import type { Pool } from '@sori/postgres';
import { terminateSessions, until } from '@sori/postgres/testing';
import type { LogWriter } from '@sori/stream';
import {
  append,
  createFixture,
  type Fixture,
  PARTITIONS,
  renamed,
  TOPIC,
  waitingRows,
} from './fixture.ts';

const ROOM = 'room-1';
const TARGET = { topic: TOPIC, partition: partitionForKey(Buffer.from(ROOM), PARTITIONS) };

/**
 * Two rows of a room, of which the first is with the log and held there, and so is one of
 * somebody who does not end. Appends that arrive later pass. `release` lets go of those that are held and
 * resolves with everything that is in the partition when they are through.
 */
async function holdFirstRow({ log, pool }: Fixture) {
  const held = log.faults.holdAppends(TARGET);
  await append(pool, [renamed(ROOM, '1'), renamed(ROOM, '2')]);
  await until('the first row is with the log', () => log.faults.appendsArrived(TARGET) === 1);
  const bystander = await log.writer().openPartition(TARGET, { compression: 'none' });
  const value = Buffer.from(JSON.stringify({ name: 'a late one' }));
  const late = bystander.append([{ key: null, value, headers: [] }]);
  log.faults.holdAppends(TARGET)[Symbol.dispose]();
  return {
    async release(): Promise<readonly string[]> {
      held[Symbol.dispose]();
      await late;
      return log
        .records(TOPIC, TARGET.partition)
        .map(({ value }) => JSON.parse(String(value)).name);
    },
  };
}

const published = ({ pool }: Fixture) =>
  until('all is published', async () => (await waitingRows(pool)) === 0);

/** A log that calls `closed` when a partition's writer is closed, before it says so. */
function afterClosing(log: LogWriter, closed: () => Promise<void>): LogWriter {
  return {
    partitionCount: (topic) => log.partitionCount(topic),
    async openPartition(target, options) {
      const writer = await log.openPartition(target, options);
      return {
        append: (records) => writer.append(records),
        async [Symbol.asyncDispose]() {
          await writer[Symbol.asyncDispose]();
          await closed();
        },
      };
    },
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  };
}

/** How many advisory locks are held in the database. */
async function countLocks(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ readonly n: number }>(
    `SELECT count(*)::int AS n FROM pg_locks
     WHERE locktype = 'advisory' AND granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return rows[0]?.n ?? 0;
}

describe('what a term has under way when it ends does not come after its successor’s', () => {
  test('when its relay is stopped', async () => {
    await using fixture = await createFixture();
    const relay = await fixture.relay({ limits: { drainMs: 50 } });
    const { release } = await holdFirstRow(fixture);
    const successor = await fixture.relay();
    await until('another waits', () => successor.state === 'standby');
    const stopped = relay[Symbol.asyncDispose]();
    await published(fixture);
    assert.deepEqual(await release(), ['1', '2', 'a late one']);
    await stopped;
    assert.equal(successor.metrics.counts.published, 2);
  });

  test('when its session is lost, without waiting for the drain', async () => {
    await using fixture = await createFixture();
    const day = 24 * 60 * 60 * 1_000;
    const relay = await fixture.relay({ limits: { drainMs: day } });
    const { release } = await holdFirstRow(fixture);
    await terminateSessions(fixture.pool, 'relay');
    await published(fixture);
    assert.deepEqual(await release(), ['1', '2', 'a late one']);
    assert.equal(relay.metrics.counts.published, 2);
  });

  test('since its publisher is closed before the lock is given back', async () => {
    await using fixture = await createFixture();
    const { log, pool } = fixture;
    const locksWhenClosed: number[] = [];
    const relay = await fixture.relay({
      limits: { drainMs: 50 },
      publishing: {
        catalog,
        log: afterClosing(log.writer(), async () => {
          locksWhenClosed.push(await countLocks(pool));
        }),
        source: '/sori/test',
      },
    });
    using _held = log.faults.holdAppends(TARGET);
    await append(pool, [renamed(ROOM, '1')]);
    await until('it is with the log', () => log.faults.appendsArrived(TARGET) === 1);
    await relay[Symbol.asyncDispose]();
    assert.deepEqual(locksWhenClosed, Array(PARTITIONS).fill(1));
    assert.equal(await countLocks(pool), 0);
  });
});
