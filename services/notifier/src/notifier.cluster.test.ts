import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  catalog,
  memberRemoved,
  messageEvents,
  messageSent,
  notificationEvents,
  RECIPIENTS_PER_NOTIFICATION,
} from '@sori/chat-events';
import { decodeEvent, derivedEventId, type EventDraft, partitionForKey } from '@sori/contract';
import {
  createPool,
  endMembership,
  insertBlock,
  insertMembers,
  insertRoom,
  insertUser,
  type Pool,
  raiseMembersVersion,
  setMuted,
} from '@sori/postgres';
import { createTestDatabase, until } from '@sori/postgres/testing';
import { createPublisher, type LogRecord, type Publisher } from '@sori/stream';
import { createHealth, createMetrics, type Health } from '@sori/telemetry';
import { postgresAudience } from './audience/reads.ts';
import { startNotifier } from './notifier.ts';
import { createGate, createTestCluster, type TestCluster } from './test-cluster.ts';
import { type Feed, silentLogger } from './test-world.ts';

const SOURCE = '/sori/test';

interface Running extends AsyncDisposable {
  readonly health: Health;
}

/** A publisher of its own and a notifier, as a process of its own would have them. */
async function start(
  cluster: TestCluster,
  pool: Pool,
  { memberName = 'notifier-1', scope = 'first' } = {},
): Promise<Running> {
  await using making = new AsyncDisposableStack();
  const metrics = createMetrics({ service: 'notifier' });
  const publisher = making.use(publisherOf(cluster, '/sori/notifier'));
  const health = createHealth();
  making.use(
    await startNotifier({
      memberName,
      catalog,
      reader: cluster.reader(),
      coordinator: cluster.coordinator(scope),
      publisher,
      reads: postgresAudience(pool),
      logger: silentLogger,
      metrics,
      health,
    }),
  );
  await until('the notifier is ready', async () => (await health.report('ready')).ok);
  const stack = making.move();
  return { health, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

function publisherOf(cluster: TestCluster, source: string): Publisher {
  return createPublisher({ catalog, log: cluster.writer(), source, logger: silentLogger });
}

/** Reads a topic from its beginning, for as long as the test lasts. */
async function follow(
  cluster: TestCluster,
  topic: string,
): Promise<AsyncDisposable & { readonly records: readonly LogRecord[] }> {
  const records: LogRecord[] = [];
  const subscription = cluster.reader().open({
    sink: {
      records: (batch) => records.push(...batch.records),
      outOfRange() {},
      failing() {},
      recovered() {},
    },
  });
  for (let partition = 0; partition < catalog.topic(topic).partitions; partition++) {
    subscription.assign({ topic, partition, offset: 0 });
  }
  return { records, [Symbol.asyncDispose]: () => subscription[Symbol.asyncDispose]() };
}

function feedOf(records: readonly LogRecord[]): readonly Feed[] {
  return records.map((record) => decodeEvent(record, catalog.findEvent) as Feed);
}

function sent(roomId: string, userId: string, text: string, membersVersion = 1): EventDraft {
  const id = derivedEventId('message', userId, roomId, text);
  return messageSent({ roomId, userId, membersVersion, messageId: id, clientMessageId: id, text });
}

const textOf = ({ data }: Feed): string => String(data.source.data['text']);

async function addPeople(pool: Pool, ids: readonly string[]): Promise<void> {
  for (const id of ids) await insertUser(pool, { id, handle: id, displayName: id });
}

async function addRoom(pool: Pool, id: string, userIds: readonly string[]): Promise<void> {
  await insertRoom(pool, { id, kind: 'group', name: id, directPair: undefined });
  const members = userIds.map((userId) => ({ userId, role: 'member' as const }));
  await insertMembers(pool, { roomId: id, fromVersion: 1, members });
}

describe('on a real cluster with a real database', () => {
  test('members as of each version get it, in room order, once; alerts are as of now', async () => {
    await using cluster = await createTestCluster();
    await using database = await createTestDatabase();
    const { pool } = database;
    await addPeople(pool, ['ann', 'bob', 'cem', 'dia']);
    await addRoom(pool, 'r1', ['ann', 'bob']);
    await using feed = await follow(cluster, notificationEvents.name);
    await using publisher = publisherOf(cluster, SOURCE);
    await using _one = await start(cluster, pool, { memberName: 'notifier-1' });
    await using _two = await start(cluster, pool, { memberName: 'notifier-2' });

    await publisher.publish(sent('r1', 'ann', 'before'));
    const left = await raiseMembersVersion(pool, 'r1');
    await endMembership(pool, {
      roomId: 'r1',
      userId: 'bob',
      untilVersion: left,
      removedBy: undefined,
    });
    await publisher.publish(sent('r1', 'ann', 'bob has left', left));
    const joined = await raiseMembersVersion(pool, 'r1');
    const newcomers = ['cem', 'dia'].map((userId) => ({ userId, role: 'member' as const }));
    await insertMembers(pool, { roomId: 'r1', fromVersion: joined, members: newcomers });
    await setMuted(pool, 'r1', 'cem', true);
    await insertBlock(pool, 'dia', 'ann');
    await publisher.publish(sent('r1', 'ann', 'cem and dia are here', joined));
    // Allowed under an earlier version, stored late.
    await publisher.publish(sent('r1', 'ann', 'late'));
    await until('all is told', () => feed.records.length >= 4);

    const notifications = feedOf(feed.records);
    assert.deepEqual(
      notifications.map((notification) => [textOf(notification), notification.data.recipients]),
      [
        ['before', ['ann', 'bob']],
        ['bob has left', ['ann']],
        ['cem and dia are here', ['ann', 'cem', 'dia']],
        ['late', ['ann', 'bob']],
      ],
    );
    assert.deepEqual(notifications[2]?.data.silent, ['ann', 'cem', 'dia']);
    assert(notifications.every(({ subject }) => subject === 'r1'));
  });

  test('three notifiers tell many rooms apart, each in its order, also when one of them goes', async () => {
    await using cluster = await createTestCluster();
    await using database = await createTestDatabase();
    const { pool } = database;
    await addPeople(pool, ['ann', 'bob']);
    const rooms = Array.from({ length: 20 }, (_, n) => `room-${n}`);
    for (const room of rooms) await addRoom(pool, room, ['ann', 'bob']);
    await using feed = await follow(cluster, notificationEvents.name);
    await using publisher = publisherOf(cluster, SOURCE);
    await using _first = await start(cluster, pool, { memberName: 'notifier-1' });
    await using _second = await start(cluster, pool, { memberName: 'notifier-2' });
    const third = await start(cluster, pool, { memberName: 'notifier-3' });

    const texts = Array.from({ length: 30 }, (_, n) => String(n).padStart(2, '0'));
    const publishAll = async (part: readonly string[]): Promise<void> => {
      for (const text of part) {
        await Promise.all(rooms.map((room) => publisher.publish(sent(room, 'ann', text))));
      }
    };
    await publishAll(texts.slice(0, 10));
    await Promise.all([publishAll(texts.slice(10)), third[Symbol.asyncDispose]()]);
    // What was done above a record that was not is handled again by the next owner, under the same
    // id: of each, the first counts, as it does for the edges.
    const firsts = () => {
      const seen = new Set<string>();
      return feedOf(feed.records).filter(({ id }) => !seen.has(id) && seen.add(id));
    };
    await until('all is told', () => firsts().length === rooms.length * texts.length);

    const byRoom = Map.groupBy(firsts(), ({ data }) => data.targetId);
    for (const room of rooms) assert.deepEqual(byRoom.get(room)?.map(textOf), texts, room);
  });

  test('a second try makes the same records; large rooms take several', async () => {
    await using cluster = await createTestCluster();
    await using database = await createTestDatabase();
    const { pool } = database;
    const count = RECIPIENTS_PER_NOTIFICATION + 100;
    await pool.query(
      `INSERT INTO users (id, handle, display_name)
       SELECT 'u' || n, 'u' || n, 'u' || n FROM generate_series(1, $1::int) AS n`,
      [count],
    );
    const everyone = Array.from({ length: count }, (_, n) => `u${n + 1}`);
    await addRoom(pool, 'large', everyone);
    await using feed = await follow(cluster, notificationEvents.name);
    await using publisher = publisherOf(cluster, SOURCE);
    for (const text of ['1', '2', '3']) await publisher.publish(sent('large', 'u1', text));
    const gone = { roomId: 'large', actorId: 'u1', userId: 'u0', membersVersion: 1 };
    await publisher.publish(memberRemoved(gone));
    {
      await using _first = await start(cluster, pool, { scope: 'first' });
      await until('all is told', () => feed.records.length >= 8);
    }
    await using _again = await start(cluster, pool, { scope: 'again' });
    await until('all is told again', () => feed.records.length >= 16);

    const tries = Map.groupBy(feed.records, ({ headers }) =>
      String(headers.find(({ key }) => key === 'ce_id')?.value),
    );
    assert.equal(tries.size, 8);
    for (const [id, [first, second, ...others]] of tries) {
      assert.equal(others.length, 0, id);
      const bytes = ({ key, value, headers }: LogRecord) => ({ key, value, headers });
      assert(first !== undefined && second !== undefined);
      assert.deepEqual(bytes(second), bytes(first));
    }
    const chunks = feedOf(feed.records.slice(0, 8)).filter((one) => textOf(one) === '2');
    assert.deepEqual(
      chunks.flatMap(({ data }) => data.recipients),
      everyone.toSorted(),
    );
  });

  test('a poisoned record is dead-lettered, and the room goes on', async () => {
    await using cluster = await createTestCluster();
    await using database = await createTestDatabase();
    const { pool } = database;
    await addPeople(pool, ['ann', 'bob']);
    await addRoom(pool, 'r1', ['ann', 'bob']);
    await using feed = await follow(cluster, notificationEvents.name);
    await using letters = await follow(cluster, `${messageEvents.name}.dlq`);
    await using publisher = publisherOf(cluster, SOURCE);
    const key = Buffer.from('r1');
    const target = {
      topic: messageEvents.name,
      partition: partitionForKey(key, messageEvents.partitions),
    };
    const foreign = [{ key: 'ce_type', value: Buffer.from('message.chat.sent') }];
    const poisons = [
      { key, value: Buffer.from('not json'), headers: [] },
      { key, value: null, headers: foreign },
      { key: null, value: Buffer.from([0xff, 0xfe]), headers: foreign },
    ];
    await publisher.publish(sent('r1', 'ann', '1'));
    for (const [n, poison] of poisons.entries()) await publisher.append(target, poison, `p${n}`);
    await publisher.publish(sent('r1', 'ann', '2'));
    await using _notifier = await start(cluster, pool);
    await until('the room has gone on', () => feed.records.length >= 2);
    await until('the poison is set aside', () => letters.records.length >= poisons.length);
    assert.deepEqual(feedOf(feed.records).map(textOf), ['1', '2']);
    const bytes = ({ key, value }: Pick<LogRecord, 'key' | 'value'>) => ({ key, value });
    const kept = letters.records.map(bytes);
    for (const poison of poisons.map(bytes)) {
      assert(kept.some((letter) => JSON.stringify(letter) === JSON.stringify(poison)));
    }
  });

  test('a database that is away is waited for; nothing is lost or given up', async () => {
    await using cluster = await createTestCluster();
    await using database = await createTestDatabase();
    await addPeople(database.pool, ['ann', 'bob']);
    await addRoom(database.pool, 'r1', ['ann', 'bob']);
    const address = new URL(database.url);
    await using gate = await createGate({ host: address.hostname, port: Number(address.port) });
    address.hostname = '127.0.0.1';
    address.port = String(gate.port);
    await using pool = createPool({
      url: address.href,
      applicationName: 'notifier-test',
      logger: silentLogger,
    });
    await using feed = await follow(cluster, notificationEvents.name);
    await using letters = await follow(cluster, `${messageEvents.name}.dlq`);
    await using publisher = publisherOf(cluster, SOURCE);
    await using notifier = await start(cluster, pool);
    await publisher.publish(sent('r1', 'ann', '1'));
    await until('the first is told', () => feed.records.length === 1);

    await gate.close();
    const texts = ['2', '3', '4'];
    for (const text of texts) await publisher.publish(sent('r1', 'ann', text));
    const version = await raiseMembersVersion(database.pool, 'r1');
    await publisher.publish(sent('r1', 'ann', '5', version));
    // The next try comes after the wait that the outage began.
    await assert.rejects(pool.query('SELECT 1'), { code: 'STREAM_DEPENDENCY_UNAVAILABLE' });
    assert.equal(feed.records.length, 1);
    assert.equal((await notifier.health.report('live')).ok, true);
    await gate.open();
    await until('all is told', () => feed.records.length >= 5);
    assert.deepEqual(feedOf(feed.records).map(textOf), ['1', ...texts, '5']);
    assert.deepEqual(letters.records, []);
  });
});
