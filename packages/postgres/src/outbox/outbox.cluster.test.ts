import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { profileUpdated, roomUpdated } from '@sori/chat-events';
import type { Pool } from '../connection/pool.ts';
import { transaction } from '../connection/transaction.ts';
import { createTestDatabase } from '../testing/index.ts';
import { appendToOutbox } from './append-to-outbox.ts';
import { deletePublished } from './delete-published.ts';
import { markPublished } from './mark-published.ts';
import { measureOutbox } from './measure-outbox.ts';
import { parkRow } from './park-row.ts';
import { type ReadWaitingOptions, readWaiting } from './read-waiting.ts';

const ALL = { maxRows: 1_000, maxBytes: 2 ** 40, exceptLanes: [], exceptTopics: [] };

/** Adds one event for each user and room, in this order. */
async function append(pool: Pool, users: readonly string[], rooms: readonly string[] = []) {
  const drafts = [
    ...users.map((userId) => profileUpdated({ userId, displayName: userId })),
    ...rooms.map((roomId) =>
      roomUpdated({ roomId, actorId: 'a', name: roomId, membersVersion: 1 }),
    ),
  ];
  await transaction(pool, (connection) =>
    appendToOutbox(connection, drafts, { source: '/sori/test' }),
  );
}

async function keys(pool: Pool, options: Partial<ReadWaitingOptions> = {}) {
  return (await readWaiting(pool, { ...ALL, ...options })).map(({ key }) => key);
}

async function ids(pool: Pool): Promise<readonly string[]> {
  return (await readWaiting(pool, ALL)).map(({ id }) => id);
}

describe('reading what waits', () => {
  test('gives the oldest first, as many as asked for', async () => {
    await using database = await createTestDatabase();
    await append(database.pool, ['c', 'a', 'b', 'a']);
    assert.deepEqual(await keys(database.pool), ['c', 'a', 'b', 'a']);
    assert.deepEqual(await keys(database.pool, { maxRows: 2 }), ['c', 'a']);
  });

  test('gives as many bytes as asked for, but one row at least', async () => {
    await using database = await createTestDatabase();
    await append(database.pool, ['a', 'b', 'c']);
    const [first] = await readWaiting(database.pool, ALL);
    const bytes = first?.value.length ?? 0;
    assert.deepEqual(await keys(database.pool, { maxBytes: 1 }), ['a']);
    assert.deepEqual(await keys(database.pool, { maxBytes: bytes }), ['a']);
    assert.deepEqual(await keys(database.pool, { maxBytes: bytes + 1 }), ['a', 'b']);
  });

  test('leaves out lanes and topics', async () => {
    await using database = await createTestDatabase();
    await append(database.pool, ['a', 'b'], ['a', 'r']);
    const exceptLanes = ['user.events/a', 'chat.events/r'];
    assert.deepEqual(await keys(database.pool, { exceptLanes }), ['b', 'a']);
    assert.deepEqual(await keys(database.pool, { exceptTopics: ['user.events'] }), ['a', 'r']);
  });

  test('a row without a key is a lane of its own', async () => {
    await using database = await createTestDatabase();
    await append(database.pool, ['a', 'b']);
    await database.pool.query('UPDATE outbox SET key = NULL');
    const [first] = await ids(database.pool);
    assert.ok(first !== undefined);
    const rows = await readWaiting(database.pool, { ...ALL, exceptLanes: [first] });
    assert.equal(rows.length, 1);
  });

  test('leaves out what is published and what is parked', async () => {
    await using database = await createTestDatabase();
    await append(database.pool, ['a', 'b', 'c']);
    const [a, b] = await ids(database.pool);
    assert.ok(a !== undefined && b !== undefined);
    await markPublished(database.pool, [a]);
    await parkRow(database.pool, b, 'TOO_LARGE: a record of 2 bytes');
    assert.deepEqual(await keys(database.pool), ['c']);
  });
});

test('published rows are deleted oldest first, in batches, but for the last few', async () => {
  await using database = await createTestDatabase();
  const { pool } = database;
  const left = async () => (await pool.query('SELECT key FROM outbox ORDER BY id')).rows;
  await append(pool, ['a', 'b', 'c', 'd', 'e', 'f']);
  const [a, b, c, d, , f] = await ids(pool);
  await markPublished(pool, [a, b, c, d, f].map(String));
  assert.equal(await deletePublished(pool, { keep: 2, limit: 2 }), 2);
  assert.equal(await deletePublished(pool, { keep: 2, limit: 2 }), 1);
  assert.equal(await deletePublished(pool, { keep: 2, limit: 2 }), 0);
  assert.deepEqual(await left(), [{ key: 'd' }, { key: 'e' }, { key: 'f' }]);
  assert.equal(await deletePublished(pool, { keep: 0, limit: 9 }), 2);
  assert.deepEqual(await left(), [{ key: 'e' }]);
});

test('the outbox is measured', async () => {
  await using database = await createTestDatabase();
  const { pool } = database;
  const nothing = { waitingRows: 0, oldestAgeSeconds: 0, parkedRows: 0 };
  assert.deepEqual(await measureOutbox(pool), nothing);
  await append(pool, ['a', 'b', 'c', 'd']);
  const [a, b] = await ids(pool);
  assert.ok(a !== undefined && b !== undefined);
  await markPublished(pool, [a]);
  await parkRow(pool, b, 'TOO_LARGE');
  await pool.query(`UPDATE outbox SET created_at = now() - interval '1 hour' WHERE key = 'c'`);
  const { waitingRows, oldestAgeSeconds, parkedRows } = await measureOutbox(pool);
  assert.deepEqual([waitingRows, parkedRows], [2, 1]);
  assert.ok(oldestAgeSeconds >= 3_600 && oldestAgeSeconds < 3_900);
});
