import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DependencyUnavailable } from '@sori/stream';
import { createTestDatabase, silentLogger, terminateSessions } from '../testing/index.ts';
import { createPool, type Pool } from './pool.ts';
import { transaction } from './transaction.ts';

const COUNTERS = 'CREATE TABLE counters (id int PRIMARY KEY, n int NOT NULL DEFAULT 0)';
const ADD = 'UPDATE counters SET n = n + 1 WHERE id = $1';

async function createCounters() {
  const database = await createTestDatabase({ empty: true });
  await database.pool.query(COUNTERS);
  await database.pool.query('INSERT INTO counters VALUES (1), (2)');
  return database;
}

async function counts(pool: Pool): Promise<readonly number[]> {
  const { rows } = await pool.query<{ n: number }>('SELECT n FROM counters ORDER BY id');
  return rows.map(({ n }) => n);
}

describe('transaction', () => {
  test('commits, and gives what the work gives', async () => {
    await using database = await createCounters();
    const result = await transaction(database.pool, async (connection) => {
      await connection.query(ADD, [1]);
      await connection.query(ADD, [2]);
      return 'done';
    });
    assert.equal(result, 'done');
    assert.deepEqual(await counts(database.pool), [1, 1]);
  });

  test('rolls back and throws on what the work throws', async () => {
    await using database = await createCounters();
    const thrown = new RangeError('no');
    const failing = transaction(database.pool, async (connection) => {
      await connection.query(ADD, [1]);
      throw thrown;
    });
    await assert.rejects(failing, thrown);
    assert.deepEqual(await counts(database.pool), [0, 0]);
  });

  test('of two that deadlock, the loser runs again', async () => {
    await using database = await createCounters();
    let meeting = 0;
    const { promise: met, resolve } = Promise.withResolvers<void>();
    const crossing = (first: number, second: number) =>
      transaction(database.pool, async (connection) => {
        await connection.query(ADD, [first]);
        meeting += 1;
        if (meeting === 2) resolve();
        await met;
        await connection.query(ADD, [second]);
      });
    await Promise.all([crossing(1, 2), crossing(2, 1)]);
    assert.equal(meeting, 3);
    assert.deepEqual(await counts(database.pool), [2, 2]);
  });

  test('a conflict that does not end is an unavailable database', async () => {
    await using database = await createCounters();
    let tries = 0;
    const failing = transaction(database.pool, async (connection) => {
      tries += 1;
      await connection.query(`DO $$ BEGIN RAISE 'again' USING ERRCODE = '40001'; END $$`);
    });
    await assert.rejects(failing, DependencyUnavailable);
    assert.equal(tries, 5);
  });

  test('work that hides the error of a statement does not pass for committed', async () => {
    await using database = await createCounters();
    const failing = transaction(database.pool, async (connection) => {
      await connection.query(ADD, [1]);
      await connection.query('SELECT 1 / 0').catch(() => {});
    });
    await assert.rejects(failing, /rolled back/);
    assert.deepEqual(await counts(database.pool), [0, 0]);
  });

  test('a lost connection rolls back, is said, and is replaced', async () => {
    await using database = await createCounters();
    const { url } = database;
    const logger = silentLogger;
    await using pool = createPool({ url, applicationName: 'lost', logger, max: 1 });
    let tries = 0;
    const failing = transaction(pool, async (connection) => {
      tries += 1;
      await connection.query(ADD, [1]);
      await terminateSessions(database.pool, 'lost');
      await connection.query(ADD, [2]);
    });
    await assert.rejects(failing, DependencyUnavailable);
    assert.equal(tries, 1);
    await transaction(pool, (connection) => connection.query(ADD, [2]));
    assert.deepEqual(await counts(database.pool), [0, 1]);
  });
});
