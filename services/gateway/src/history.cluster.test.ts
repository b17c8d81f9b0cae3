import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import {
  holdActiveBuild,
  insertHistoryMessages,
  insertReactions,
  putHistoryRooms,
  raiseReads,
  transaction,
} from '@sori/postgres';
import fc from 'fast-check';
import { type PersonClient, startTestGateway, type TestGateway } from './testing/test-gateway.ts';

const SENT_AT = Date.UTC(2026, 0, 27);

/** A message as it is put into the history: its number is its place. */
interface Told {
  readonly by: PersonClient;
  readonly version: number;
  readonly text?: string | null;
}

describe('history over HTTP', () => {
  let gateway: TestGateway;
  let owner: PersonClient;

  before(async () => {
    gateway = await startTestGateway();
    owner = await gateway.person();
  });
  after(() => gateway[Symbol.asyncDispose]());

  async function room(name = 'Room'): Promise<string> {
    const made = await owner.request('POST', '/v1/rooms', { kind: 'group', name, memberIds: [] });
    return made.body.room.id;
  }

  const join = (person: PersonClient, roomId: string) =>
    person.request('POST', `/v1/rooms/${roomId}/members`, { userId: person.id });
  const leave = (person: PersonClient, roomId: string) =>
    person.request('DELETE', `/v1/rooms/${roomId}/members/${person.id}`);

  async function versionOf(roomId: string): Promise<number> {
    const { rows } = await gateway.database.pool.query<{ readonly version: number }>(
      'SELECT members_version AS version FROM rooms WHERE id = $1',
      [roomId],
    );
    return rows[0]?.version ?? 0;
  }

  /** Puts messages into the history, as the history service would. */
  async function tell(roomId: string, told: readonly Told[]): Promise<readonly string[]> {
    const ids = told.map(() => randomUUID());
    await transaction(gateway.database.pool, async (connection) => {
      const build = await holdActiveBuild(connection);
      let versionReached = 0;
      const messages = told.map(({ by, version, text = `text ${version}` }, index) => {
        versionReached = Math.max(versionReached, version);
        return {
          ...{ roomId, seq: index + 1, messageId: ids[index] ?? '', userId: by.id },
          ...{ clientMessageId: randomUUID(), text, membersVersion: version, versionReached },
          ...{ sentAt: SENT_AT + index, editedAt: null, deletedAt: text === null ? SENT_AT : null },
          ...{ partition: 0, offset: index },
        };
      });
      await insertHistoryMessages(connection, build, messages);
      await putHistoryRooms(connection, build, [{ roomId, lastSeq: told.length, versionReached }]);
    });
    return ids;
  }

  async function read(person: PersonClient, roomId: string, seq: number): Promise<void> {
    await transaction(gateway.database.pool, async (connection) => {
      const build = await holdActiveBuild(connection);
      await raiseReads(connection, build, [{ roomId, userId: person.id, seq }]);
    });
  }

  /** The numbers of every page from the latest to the first, as the pages join. */
  async function seqsOf(person: PersonClient, roomId: string, limit: number): Promise<number[]> {
    const seqs: number[] = [];
    let next: number | undefined;
    do {
      const cursor = next === undefined ? '' : `&before=${next}`;
      const path = `/v1/rooms/${roomId}/messages?limit=${limit}${cursor}`;
      const { status, body, text } = await person.request('GET', path);
      assert.equal(status, 200, text);
      assert.ok(body.messages.length <= limit);
      seqs.unshift(...body.messages.map(({ seq }: { readonly seq: number }) => seq));
      next = body.next;
    } while (next !== undefined);
    return seqs;
  }

  it('is a page of messages, oldest first, with who is named in it and how far people have read', async () => {
    const reader = await gateway.person();
    const roomId = await room();
    await join(reader, roomId);
    const version = await versionOf(roomId);
    const [first = '', second = ''] = await tell(roomId, [
      { by: owner, version, text: 'one' },
      { by: reader, version, text: null },
    ]);
    await transaction(gateway.database.pool, async (connection) => {
      const reactions = [
        { emoji: '👍', userId: reader.id, offset: 9 },
        { emoji: '__proto__', userId: owner.id, offset: 5 },
        { emoji: '👍', userId: owner.id, offset: 7 },
      ].map((reaction) => ({ roomId, seq: 1, ...reaction }));
      await insertReactions(connection, await holdActiveBuild(connection), reactions);
    });
    await read(owner, roomId, 2);
    const { status, body, text } = await reader.request('GET', `/v1/rooms/${roomId}/messages`);
    assert.equal(status, 200, text);
    const { clientMessageId, ...message } = body.messages[0];
    assert.equal(typeof clientMessageId, 'string');
    assert.deepEqual(
      { ...message, reactions: Object.entries(message.reactions) },
      {
        ...{ messageId: first, seq: 1, userId: owner.id, text: 'one', deleted: false },
        sentAt: '2026-01-27T00:00:00.000Z',
        reactions: [
          ['__proto__', [owner.id]],
          ['👍', [owner.id, reader.id]],
        ],
      },
    );
    assert.deepEqual([body.messages[1].messageId, body.messages[1].text], [second, null]);
    assert.equal(body.messages[1].deleted, true);
    const people = body.people.map(({ id }: { readonly id: string }) => id);
    assert.deepEqual(people.toSorted(), [owner.id, reader.id].toSorted());
    assert.deepEqual(body.readUpTo, { [owner.id]: 2 });
    assert.equal('next' in body, false);
  });

  it('has pages that join to the whole, each message once and in order', async () => {
    const roomId = await room();
    const version = await versionOf(roomId);
    const count = 57;
    await tell(
      roomId,
      Array.from({ length: count }, () => ({ by: owner, version })),
    );
    const whole = Array.from({ length: count }, (_, index) => index + 1);
    for (const limit of [1, 7, 19, 56, 57, 58, 100]) {
      assert.deepEqual(await seqsOf(owner, roomId, limit), whole, `pages of ${limit}`);
    }
  });

  it('shows each person what the stream delivered to them, however they came and went', async () => {
    const step = fc.constantFrom('message', 'message', 'late message', 'come or go');
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        fc.integer({ min: 1, max: 6 }),
        async (steps, limit) => {
          const guest = await gateway.person();
          const roomId = await room();
          const told: Told[] = [];
          const expected: number[] = [];
          const inside = new Set<number>();
          let isIn = false;
          for (const what of steps) {
            if (what === 'come or go') {
              await (isIn ? leave : join)(guest, roomId);
              isIn = !isIn;
            }
            const now = await versionOf(roomId);
            if (isIn) inside.add(now);
            if (what === 'come or go') continue;
            // One that was allowed before the last change, and came to the log after it.
            const version = what === 'late message' ? Math.max(1, now - 1) : now;
            told.push({ by: owner, version });
            if (inside.has(version)) expected.push(told.length);
          }
          if (!isIn) {
            const { body } = await guest.request('GET', `/v1/rooms/${roomId}/messages`);
            assert.equal(body.code, 'room-not-found');
            await join(guest, roomId);
          }
          await tell(roomId, told);
          assert.deepEqual(await seqsOf(guest, roomId, limit), expected);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('is for members only, and refuses pages that cannot be', async () => {
    const stranger = await gateway.person();
    const roomId = await room();
    const path = `/v1/rooms/${roomId}/messages`;
    const refused = await stranger.request('GET', path);
    assert.deepEqual([refused.status, refused.body.code], [404, 'room-not-found']);
    assert.equal((await gateway.anybody.request('GET', path)).status, 401);
    for (const query of [
      'limit=0',
      'limit=101',
      'before=0',
      'before=x',
      'before=1e30',
      'after=1',
    ]) {
      const { status, body } = await owner.request('GET', `${path}?${query}`);
      assert.deepEqual([status, body.code], [400, 'invalid-request'], query);
    }
    const empty = await owner.request('GET', path);
    assert.deepEqual(empty.body, { messages: [], people: [], readUpTo: {} });
  });

  it('counts what is unread since one came, and tells what was said last', async () => {
    const reader = await gateway.person();
    const roomId = await room();
    const quiet = await room();
    const before = await versionOf(roomId);
    await join(reader, roomId);
    await join(reader, quiet);
    const version = await versionOf(roomId);
    const listed = async (id: string) => {
      const { body } = await reader.request('GET', '/v1/rooms');
      return body.rooms.find((one: { readonly id: string }) => one.id === id);
    };
    assert.deepEqual(
      [(await listed(roomId)).unread, (await listed(roomId)).lastMessage],
      [0, undefined],
    );
    const ids = await tell(roomId, [
      { by: owner, version: before },
      { by: owner, version: before },
      { by: owner, version },
      { by: owner, version, text: null },
      { by: owner, version },
      { by: owner, version: before },
      { by: owner, version, text: 'x'.repeat(500) },
    ]);
    const { unread, lastMessage } = await listed(roomId);
    assert.equal(unread, 3, 'neither what came before, nor what is deleted');
    assert.deepEqual(lastMessage, {
      ...{ messageId: ids.at(-1), seq: 7, userId: owner.id, text: 'x'.repeat(200) },
      sentAt: '2026-01-27T00:00:00.006Z',
    });
    await read(reader, roomId, 5);
    assert.equal((await listed(roomId)).unread, 1);
    await read(reader, roomId, 7);
    assert.equal((await listed(roomId)).unread, 0);
    await tell(
      quiet,
      Array.from({ length: 130 }, () => ({ by: owner, version: 2 })),
    );
    assert.equal((await listed(quiet)).unread, 100, 'this many or more');
  });
});
