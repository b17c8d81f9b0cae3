import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  catalog,
  chatEvents,
  friendRequestSent,
  pairId,
  profileUpdated,
  roomUpdated,
} from '@sori/chat-events';
import { decodeEvent, defineEvent, defineTopic } from '@sori/contract';
import { RecordTooLarge } from '@sori/stream';
import { Type } from 'typebox';
import type { Pool } from '../connection/pool.ts';
import { transaction } from '../connection/transaction.ts';
import { createTestDatabase } from '../testing/index.ts';
import { appendToOutbox } from './append-to-outbox.ts';
import { markPublished } from './mark-published.ts';
import type { OutboxRow } from './outbox-row.ts';
import { readWaiting } from './read-waiting.ts';

const SOURCE = { source: '/sori/test' };
const ALL = { maxRows: 10_000, maxBytes: 2 ** 40, exceptLanes: [], exceptTopics: [] };

function renamed(roomId: string, name: string) {
  return roomUpdated({ roomId, actorId: 'ann', name, membersVersion: 1 });
}

function nameOf(row: OutboxRow): string {
  return JSON.parse(row.value.toString()).name;
}

describe('appending to the outbox', () => {
  test('keeps whole events, which decode as what they were', async () => {
    await using database = await createTestDatabase();
    const ids = await transaction(database.pool, (connection) =>
      appendToOutbox(
        connection,
        [
          profileUpdated({ userId: 'ann', displayName: '소리' }),
          friendRequestSent({
            pairId: pairId('bob', 'ann'),
            requesterId: 'ann',
            addresseeId: 'bob',
          }),
        ],
        { ...SOURCE, correlationId: 'c-1', causationId: 'c-0', time: '2026-01-27T00:00:00.000Z' },
      ),
    );
    const rows = await readWaiting(database.pool, ALL);
    assert.deepEqual(
      rows.map(({ topic, key, eventId }) => [topic, key, eventId]),
      [
        ['user.events', 'ann', ids[0]],
        ['friend.events', 'ann:bob', ids[1]],
      ],
    );
    const [profile] = rows.map(({ key, value, headers }) =>
      decodeEvent({ key: Buffer.from(key ?? ''), value, headers }, catalog.findEvent),
    );
    assert.deepEqual(profile, {
      id: ids[0],
      type: 'user.profile.updated',
      version: 1,
      source: '/sori/test',
      time: '2026-01-27T00:00:00.000Z',
      subject: 'ann',
      correlationId: 'c-1',
      causationId: 'c-0',
      traceparent: undefined,
      data: { userId: 'ann', displayName: '소리' },
    });
  });

  test('a transaction that is rolled back leaves nothing', async () => {
    await using database = await createTestDatabase();
    const failing = transaction(database.pool, async (connection) => {
      await appendToOutbox(connection, [renamed('room', 'x')], SOURCE);
      throw new RangeError('no');
    });
    await assert.rejects(failing, RangeError);
    assert.deepEqual(await readWaiting(database.pool, ALL), []);
  });

  test('an event that its topic would refuse fails the transaction', async () => {
    await using database = await createTestDatabase();
    const topic = defineTopic({
      ...chatEvents,
      maxMessageBytes: 10_000,
      retention: chatEvents.retention,
    });
    const noted = defineEvent({
      type: 'chat.room.noted',
      topic,
      key: 'roomId',
      description: 'A note',
      data: Type.Object({ roomId: Type.String(), note: Type.String() }),
    });
    const note = (length: number) =>
      transaction(database.pool, (connection) =>
        appendToOutbox(connection, [noted({ roomId: 'r', note: 'x'.repeat(length) })], SOURCE),
      );
    await assert.rejects(note(10_000), RecordTooLarge);
    await note(8_000);
    assert.equal((await readWaiting(database.pool, ALL)).length, 1);
  });

  test('no events, no statement', async () => {
    await using database = await createTestDatabase({ empty: true });
    assert.deepEqual(await appendToOutbox(database.pool, [], SOURCE), []);
  });

  test('transactions with the same keys in any order do not deadlock', async () => {
    await using database = await createTestDatabase();
    const rooms = Array.from({ length: 8 }, (_, n) => `room-${n}`);
    const tries: number[] = [];
    await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        transaction(database.pool, async (connection) => {
          tries.push(n);
          const shuffled = rooms.toSorted(() => Math.random() - 0.5);
          await appendToOutbox(
            connection,
            shuffled.map((room) => renamed(room, `${n}`)),
            SOURCE,
          );
        }),
      ),
    );
    assert.equal(tries.length, 60);
    assert.equal((await readWaiting(database.pool, ALL)).length, 480);
  });

  test('a key’s rows come to a reader in commit order, each once, while others write', async () => {
    await using database = await createTestDatabase();
    const rooms = ['a', 'b', 'c'];
    const committed = new Map<string, string[]>(rooms.map((room) => [room, []]));
    const seen = new Map<string, string[]>(rooms.map((room) => [room, []]));
    let writing = true;

    async function write(writer: number): Promise<void> {
      for (let n = 0; n < 40; n++) {
        const room = rooms[(writer + n) % rooms.length] ?? 'a';
        const name = `${writer}/${n}`;
        await transaction(database.pool, async (connection) => {
          await appendToOutbox(connection, [renamed(room, name)], SOURCE);
          await delay(Math.random() * 4);
          // The next holder of the room's lock gets here only after this commit.
          committed.get(room)?.push(name);
        });
      }
    }

    async function read(pool: Pool): Promise<void> {
      for (let last = false; ; ) {
        last = !writing;
        const rows = await readWaiting(pool, { ...ALL, maxRows: 7 });
        for (const row of rows) seen.get(row.key ?? '')?.push(nameOf(row));
        await markPublished(
          pool,
          rows.map(({ id }) => id),
        );
        if (last && rows.length === 0) return;
      }
    }

    const reading = read(database.pool);
    await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
    writing = false;
    await reading;
    assert.deepEqual(seen, committed);
  });
});
