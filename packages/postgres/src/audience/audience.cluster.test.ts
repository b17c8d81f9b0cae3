import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Pool } from '../connection/pool.ts';
import { createTestDatabase } from '../testing/index.ts';
import { friendsOf } from './friends-of.ts';
import { listQuiet } from './list-quiet.ts';
import { membersAt } from './members-at.ts';

async function addUsers(pool: Pool, ids: readonly string[]): Promise<void> {
  await pool.query(
    'INSERT INTO users (id, handle, display_name) SELECT id, id, id FROM unnest($1::text[]) AS id',
    [ids],
  );
}

async function addMembers(
  pool: Pool,
  rows: readonly (readonly [userId: string, from: number, until: number | null, muted?: boolean])[],
): Promise<void> {
  await pool.query(
    "INSERT INTO rooms (id, kind, name, members_version) VALUES ('room', 'group', 'Room', 9)",
  );
  for (const [userId, from, until, muted = false] of rows) {
    await pool.query(
      `INSERT INTO room_members (room_id, user_id, role, muted, from_version, until_version)
       VALUES ('room', $1, 'member', $2, $3, $4)`,
      [userId, muted, from, until],
    );
  }
}

describe('members at a version', () => {
  test('are those who had come and not yet gone, by id', async () => {
    await using database = await createTestDatabase();
    const { pool } = database;
    await addUsers(pool, ['ann', 'Bob', 'cid', 'dan']);
    await addMembers(pool, [
      ['dan', 1, null],
      ['cid', 2, 4],
      ['cid', 6, null],
      ['Bob', 3, null],
      ['ann', 4, null],
    ]);
    const at = async (version: number) =>
      (await membersAt(pool, { roomId: 'room', version })).join(' ');
    assert.equal(await at(1), 'dan');
    assert.equal(await at(2), 'cid dan');
    assert.equal(await at(3), 'Bob cid dan');
    assert.equal(await at(4), 'Bob ann dan');
    assert.equal(await at(5), 'Bob ann dan');
    assert.equal(await at(6), 'Bob ann cid dan');
    assert.equal(await at(9), 'Bob ann cid dan');
  });

  test('of an unknown room are none', async () => {
    await using database = await createTestDatabase();
    assert.deepEqual(await membersAt(database.pool, { roomId: 'none', version: 1 }), []);
  });
});

test('quiet is for those who mute the room now, and those who block the sender', async () => {
  await using database = await createTestDatabase();
  const { pool } = database;
  await addUsers(pool, ['ann', 'bob', 'cid', 'dan']);
  await addMembers(pool, [
    ['ann', 1, null],
    ['bob', 1, null, true],
    ['cid', 1, null],
    ['dan', 1, 2, true],
    ['dan', 3, null],
  ]);
  await pool.query(`INSERT INTO blocks VALUES ('cid', 'ann'), ('bob', 'ann'), ('ann', 'dan')`);
  const quiet = async (senderId: string, roomId: string | null) =>
    (await listQuiet(pool, { senderId, roomId })).toSorted();
  assert.deepEqual(await quiet('ann', 'room'), ['bob', 'cid']);
  assert.deepEqual(await quiet('bob', 'room'), ['bob']);
  assert.deepEqual(await quiet('dan', null), ['ann']);
});

test('friends are those who said yes, whoever asked', async () => {
  await using database = await createTestDatabase();
  const { pool } = database;
  await addUsers(pool, ['ann', 'bob', 'cid', 'dan', 'eve']);
  await pool.query(
    `INSERT INTO friendships (low_id, high_id, state, requester_id) VALUES
     ('ann', 'cid', 'friends', 'cid'), ('bob', 'cid', 'friends', 'bob'),
     ('cid', 'dan', 'requested', 'dan'), ('cid', 'eve', 'friends', 'cid'),
     ('ann', 'bob', 'friends', 'ann')`,
  );
  assert.deepEqual(await friendsOf(pool, 'cid'), ['ann', 'bob', 'eve']);
  assert.deepEqual(await friendsOf(pool, 'dan'), []);
});
