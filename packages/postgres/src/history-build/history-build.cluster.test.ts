import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Pool } from '../connection/pool.ts';
import { transaction } from '../connection/transaction.ts';
import { holdActiveBuild } from '../history/hold-active-build.ts';
import { insertHistoryMessages } from '../history/insert-history-messages.ts';
import { insertReactions } from '../history/insert-reactions.ts';
import { putHistoryRooms } from '../history/put-history-rooms.ts';
import { raiseReads } from '../history/raise-reads.ts';
import { createTestDatabase, until } from '../testing/index.ts';
import { copyHistory } from './copy-history.ts';
import { beginCopy } from './copy-progress.ts';
import { deleteReplaced } from './delete-replaced.ts';
import { dropMessages } from './drop-messages.ts';
import { giveUpBuild } from './give-up-build.ts';
import { lockActiveBuild, switchBuild } from './switch-build.ts';
import { takeUpBuild } from './take-up-build.ts';

const TOPIC = 'message.events';

/** `room/seq` at each offset of a partition. */
async function tell(
  pool: Pool,
  build: number,
  partition: number,
  places: readonly (readonly [place: string, offset: number])[],
): Promise<void> {
  const rows = places.map(([place, offset]) => {
    const [roomId = '', seq = ''] = place.split('/');
    return {
      ...{ roomId, seq: Number(seq), messageId: place, userId: 'ann', clientMessageId: 'c' },
      ...{ text: place, membersVersion: 1, versionReached: 1, sentAt: 0 },
      ...{ editedAt: null, deletedAt: null, partition, offset },
    };
  });
  await insertHistoryMessages(pool, build, rows);
  await insertReactions(
    pool,
    build,
    rows.map(({ roomId, seq, offset }) => ({ roomId, seq, offset, emoji: '👍', userId: 'bob' })),
  );
  const rooms = Map.groupBy(rows, ({ roomId }) => roomId);
  await putHistoryRooms(
    pool,
    build,
    Array.from(rooms, ([roomId, told]) => ({
      ...{ roomId, versionReached: 1 },
      lastSeq: Math.max(...told.map(({ seq }) => seq)),
    })),
  );
}

async function linesOf(pool: Pool, sql: string, build: number): Promise<readonly string[]> {
  const { rows } = await pool.query<{ readonly line: string }>(sql, [build]);
  return rows.map(({ line }) => line).sort();
}

const MESSAGES = `SELECT room_id || '/' || seq AS line FROM history_messages WHERE build = $1`;
const REACTIONS = `SELECT room_id || '/' || seq AS line FROM history_reactions WHERE build = $1`;
const ROOMS = `SELECT room_id || ' ' || last_seq AS line FROM history_rooms WHERE build = $1`;
const READS = `
  SELECT room_id || ' ' || user_id || ' ' || seq AS line FROM history_reads WHERE build = $1`;

describe('copying into a build', () => {
  test('takes messages in order up to a bound, with what hangs on them, each step once', async () => {
    await using database = await createTestDatabase();
    const { pool } = database;
    const { active, building } = await takeUpBuild(pool);
    await tell(pool, active, 0, [
      ['a/1', 3],
      ['b/1', 5],
      ['a/2', 5],
      ['a/3', 8],
      ['a/4', 20],
    ]);
    await tell(pool, active, 1, [['c/1', 4]]);
    await raiseReads(pool, active, [
      { roomId: 'a', userId: 'ann', seq: 4 },
      { roomId: 'a', userId: 'bob', seq: 1 },
      { roomId: 'c', userId: 'ann', seq: 1 },
    ]);
    const place = { build: building, topic: TOPIC, partition: 0 };
    await beginCopy(pool, place, 21);
    const copy = (copied: number) =>
      transaction(pool, (connection) =>
        copyHistory(connection, { ...place, active, copied, below: 10, limit: 2 }),
      );
    assert.deepEqual(await copy(0), { messages: 3, copied: 6 }, 'those of one offset together');
    assert.deepEqual(await linesOf(pool, READS, building), ['a ann 2', 'a bob 1']);
    assert.equal(await copy(0), undefined, 'another has taken that step');
    assert.deepEqual(await copy(6), { messages: 1, copied: 10 });
    assert.deepEqual(await linesOf(pool, MESSAGES, building), ['a/1', 'a/2', 'a/3', 'b/1']);
    assert.deepEqual(await linesOf(pool, REACTIONS, building), ['a/1', 'a/2', 'a/3', 'b/1']);
    assert.deepEqual(await linesOf(pool, ROOMS, building), ['a 3', 'b 1']);
    assert.deepEqual(await linesOf(pool, READS, building), ['a ann 3', 'a bob 1']);
  });

  test('can be taken back, and leaves what other partitions brought', async () => {
    await using database = await createTestDatabase();
    const { pool } = database;
    const { building } = await takeUpBuild(pool);
    await tell(pool, building, 0, [
      ['a/1', 0],
      ['b/1', 1],
    ]);
    await tell(pool, building, 1, [
      ['b/2', 0],
      ['c/1', 1],
    ]);
    const reads = ['a', 'b', 'c'].map((roomId) => ({ roomId, userId: 'ann', seq: 1 }));
    await raiseReads(pool, building, reads);
    const drop = () =>
      transaction(pool, (connection) =>
        dropMessages(connection, { build: building, topic: TOPIC, partition: 1 }, 1),
      );
    assert.deepEqual([await drop(), await drop(), await drop()], [1, 1, 0]);
    assert.deepEqual(await linesOf(pool, MESSAGES, building), ['a/1', 'b/1']);
    assert.deepEqual(await linesOf(pool, REACTIONS, building), ['a/1', 'b/1']);
    assert.deepEqual(await linesOf(pool, ROOMS, building), ['a 1', 'b 1']);
    assert.deepEqual(await linesOf(pool, READS, building), ['a ann 1', 'b ann 1']);
  });
});

describe('switching to a build', () => {
  test('waits for who writes the old one; who comes meanwhile writes the new one', async () => {
    await using database = await createTestDatabase();
    const { pool } = database;
    const builds = await takeUpBuild(pool);
    const holding = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const order: string[] = [];
    const writer = transaction(pool, async (connection) => {
      const build = await holdActiveBuild(connection);
      held.resolve();
      await holding.promise;
      order.push(`written to ${build}`);
    });
    await held.promise;
    const locked = Promise.withResolvers<void>();
    const latecomer = Promise.withResolvers<void>();
    const switching = transaction(pool, async (connection) => {
      await lockActiveBuild(connection);
      order.push('locked');
      locked.resolve();
      await latecomer.promise;
      assert.equal(await switchBuild(connection, builds), true);
    });
    const somebodyWaits = async () => {
      const { rowCount } = await pool.query(
        `SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rowCount > 0;
    };
    await until('the switch waits', somebodyWaits);
    holding.resolve();
    await Promise.all([writer, locked.promise]);
    const late = transaction(pool, async (connection) => {
      order.push(`written to ${await holdActiveBuild(connection)}`);
    });
    await until('the latecomer waits', somebodyWaits);
    latecomer.resolve();
    await Promise.all([switching, late]);
    const { active, building } = builds;
    assert.deepEqual(order, [`written to ${active}`, 'locked', `written to ${building}`]);
  });

  test('is refused where another build is active by now, or this one was given up', async () => {
    await using database = await createTestDatabase();
    const { pool } = database;
    const builds = await takeUpBuild(pool);
    assert.deepEqual(await takeUpBuild(pool), { ...builds, resumed: true });
    const wrong = { active: builds.active + 100, building: builds.building };
    assert.equal(await switchBuild(pool, wrong), false);
    await giveUpBuild(pool, builds.active);
    await giveUpBuild(pool, builds.building);
    assert.equal(await switchBuild(pool, builds), false);
    const next = await takeUpBuild(pool);
    assert.deepEqual([next.active, next.resumed], [builds.active, false]);
    assert.equal(await switchBuild(pool, next), true);
  });

  test('leaves rows that are deleted little by little, and none of the active build', async () => {
    await using database = await createTestDatabase();
    const { pool } = database;
    const builds = await takeUpBuild(pool);
    for (const build of [builds.active, builds.building]) {
      await tell(pool, build, 0, [
        ['a/1', 0],
        ['a/2', 1],
        ['a/3', 2],
      ]);
      await raiseReads(pool, build, [{ roomId: 'a', userId: 'ann', seq: 1 }]);
    }
    assert.equal(await deleteReplaced(pool, 2), undefined, 'nothing is to be deleted yet');
    assert.equal(await switchBuild(pool, builds), true);
    const steps: number[] = [];
    for (;;) {
      const rows = await deleteReplaced(pool, 2);
      if (rows === undefined) break;
      assert.ok(rows <= 2);
      steps.push(rows);
    }
    assert.equal(
      steps.reduce((sum, rows) => sum + rows),
      8,
    );
    for (const lines of [MESSAGES, REACTIONS, ROOMS, READS]) {
      assert.deepEqual(await linesOf(pool, lines, builds.active), []);
      assert.notDeepEqual(await linesOf(pool, lines, builds.building), []);
    }
  });
});
