import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createTestDatabase } from '../testing/index.ts';
import { createProjectionStore } from './projection-store.ts';

const SOURCE = { topic: 'message.events', partition: 3 };
const batch = (from: number | undefined, to: number) => ({ ...SOURCE, from, to, records: [] });

describe('projection store', () => {
  test('rows and position change together, or not at all', async () => {
    await using database = await createTestDatabase();
    const { pool } = database;
    await pool.query('CREATE TABLE results (n int)');
    const store = createProjectionStore(pool, 'counts');
    assert.deepEqual(await store.positions([SOURCE]), []);
    const moved = await store.apply(batch(undefined, 10), async (connection) => {
      await connection.query('INSERT INTO results VALUES (1)');
    });
    assert.equal(moved, true);
    await assert.rejects(
      store.apply(batch(10, 20), async (connection) => {
        await connection.query('INSERT INTO results VALUES (2)');
        throw new Error('halfway');
      }),
      /halfway/,
    );
    assert.deepEqual(await store.positions([SOURCE]), [{ ...SOURCE, offset: 10 }]);
    assert.deepEqual((await pool.query('SELECT n FROM results')).rows, [{ n: 1 }]);
  });

  test('one whose position is not the stored one changes nothing', async () => {
    await using database = await createTestDatabase();
    const store = createProjectionStore(database.pool, 'counts');
    const untouched = (): Promise<void> => assert.fail('work must not run');
    assert.equal(await store.apply(batch(undefined, 10), async () => {}), true);
    assert.equal(await store.apply(batch(undefined, 5), untouched), false);
    assert.equal(await store.apply(batch(9, 12), untouched), false);
    assert.deepEqual(await store.positions([SOURCE]), [{ ...SOURCE, offset: 10 }]);
  });

  test('of two members with the same partition one applies a batch', async () => {
    await using database = await createTestDatabase();
    const { pool } = database;
    await pool.query('CREATE TABLE results (n int)');
    const store = createProjectionStore(pool, 'counts');
    for (const [from, to] of [
      [undefined, 1],
      [1, 2],
      [2, 3],
    ] as const) {
      const tries = Array.from({ length: 8 }, () =>
        store.apply(batch(from, to), async (connection) => {
          await connection.query('INSERT INTO results VALUES ($1)', [to]);
        }),
      );
      const moved = (await Promise.all(tries)).filter(Boolean);
      assert.equal(moved.length, 1);
    }
    const { rows } = await pool.query('SELECT n FROM results ORDER BY n');
    assert.deepEqual(rows, [{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  test('positions beyond 32 bits are exact, and projections do not meet', async () => {
    await using database = await createTestDatabase();
    const one = createProjectionStore(database.pool, 'one');
    const other = createProjectionStore(database.pool, 'other');
    const far = 2 ** 40 + 1;
    assert.equal(await one.apply(batch(undefined, far), async () => {}), true);
    assert.equal(await one.apply(batch(far, far + 1), async () => {}), true);
    assert.deepEqual(await one.positions([SOURCE]), [{ ...SOURCE, offset: far + 1 }]);
    assert.deepEqual(await other.positions([SOURCE]), []);
  });
});
