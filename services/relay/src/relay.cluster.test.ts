import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { profileUpdated } from '@sori/chat-events';
import { partitionForKey } from '@sori/contract';
import { appendToOutbox, createRelayWaker } from '@sori/postgres';
import { silentLogger, terminateSessions, until } from '@sori/postgres/testing';
import { LogError } from '@sori/stream';
import {
  append,
  createFixture,
  type Fixture,
  namesByRoom,
  PARTITIONS,
  renamed,
  TOPIC,
  waitingRows,
} from './fixture.ts';

/** A room on the given partition. */
function roomOn(partition: number): string {
  const names = Array.from({ length: 100 }, (_, n) => `room-${n}`);
  const room = names.find((name) => partitionForKey(Buffer.from(name), PARTITIONS) === partition);
  assert.ok(room !== undefined);
  return room;
}

function names({ log }: Fixture, room: string): readonly string[] {
  return namesByRoom(log.records(TOPIC)).get(room) ?? [];
}

const published = (fixture: Fixture) =>
  until('all is published', async () => (await waitingRows(fixture.pool)) === 0);

describe('several relays', () => {
  test('one publishes, and another takes over when it goes', async () => {
    await using fixture = await createFixture();
    const relays = [await fixture.relay(), await fixture.relay(), await fixture.relay()];
    await until('all have found their place', () =>
      relays.every(({ state }) => state === 'active' || state === 'standby'),
    );
    const states = relays.map(({ state }) => state).toSorted();
    assert.deepEqual(states, ['active', 'standby', 'standby']);
    assert.deepEqual(
      relays.map((relay) => relay.problem()),
      [undefined, undefined, undefined],
    );
    await append(fixture.pool, [renamed('a', '1'), renamed('b', '1')]);
    await published(fixture);
    const first = relays.find(({ state }) => state === 'active');
    assert.equal(first?.metrics.counts.published, 2);

    await first[Symbol.asyncDispose]();
    await append(fixture.pool, [renamed('a', '2')]);
    await published(fixture);
    assert.equal(relays.filter(({ metrics }) => metrics.last.active).length, 1);
    assert.equal(fixture.log.records(TOPIC).length, 3);
  });

  test('all lose the database and find back', async () => {
    await using fixture = await createFixture();
    const relays = [await fixture.relay(), await fixture.relay()];
    await until('one is active', () => relays.some(({ state }) => state === 'active'));
    await terminateSessions(fixture.pool, 'relay');
    await append(fixture.pool, [renamed('a', '1')]);
    await published(fixture);
    await until('both are well', () => relays.every((relay) => relay.problem() === undefined));
  });
});

describe('a relay that cannot publish', () => {
  test('holds a key back in order; other keys go on', async () => {
    await using fixture = await createFixture();
    const [held, free] = [roomOn(0), roomOn(1)];
    const relay = await fixture.relay();
    const outage = fixture.log.faults.makeUnavailable({ topic: TOPIC, partition: 0 });
    const change = (n: number) => [renamed(held, `${n}`), renamed(free, `${n}`)];
    for (const n of [1, 2, 3]) await append(fixture.pool, change(n));
    await until('the free key is through', () => names(fixture, free).length === 3);
    assert.deepEqual(names(fixture, held), []);
    assert.equal(relay.state, 'active');
    outage[Symbol.dispose]();
    await published(fixture);
    assert.deepEqual(names(fixture, held), ['1', '2', '3']);
  });

  test('repeats a record whose acknowledgement was lost, before it goes on', async () => {
    await using fixture = await createFixture();
    const room = roomOn(2);
    fixture.log.faults.loseNextAcknowledgement({ topic: TOPIC, partition: 2 });
    await append(
      fixture.pool,
      ['1', '2', '3'].map((name) => renamed(room, name)),
    );
    await fixture.relay();
    await published(fixture);
    assert.deepEqual(names(fixture, room), ['1', '1', '2', '3']);
  });

  test('tries a refused record again, since it may have been refused for another’s sake', async () => {
    await using fixture = await createFixture();
    const room = roomOn(0);
    const refused = new LogError('rejected', 'no');
    fixture.log.faults.failNextAppend({ topic: TOPIC, partition: 0 }, refused);
    await append(
      fixture.pool,
      ['1', '2'].map((name) => renamed(room, name)),
    );
    const relay = await fixture.relay();
    await published(fixture);
    assert.deepEqual(names(fixture, room), ['1', '2']);
    assert.equal(relay.metrics.counts.parked, 0);
  });

  test('parks a record that no broker takes, says why, and goes on with the key', async () => {
    await using fixture = await createFixture({});
    fixture.log.createTopic(TOPIC, PARTITIONS, 2_000);
    const rows = ['1', 'poison', '3'].map((name) => renamed('a', name));
    const [, poison] = await append(fixture.pool, rows);
    await fixture.pool.query(
      `UPDATE outbox SET value = convert_to(repeat('x', 3000), 'UTF8') WHERE event_id = $1`,
      [poison],
    );
    const relay = await fixture.relay({ limits: { measureEveryMs: 20 } });
    await published(fixture);
    assert.deepEqual(names(fixture, 'a'), ['1', '3']);
    const parked = await fixture.pool.query<{ event_id: string; parked_reason: string }>(
      'SELECT event_id, parked_reason FROM outbox WHERE parked_at IS NOT NULL',
    );
    assert.deepEqual(
      parked.rows.map(({ event_id }) => event_id),
      [poison],
    );
    assert.match(parked.rows[0]?.parked_reason ?? '', /^STREAM_DELIVERY_FAILED: /);
    assert.equal(relay.metrics.counts.parked, 1);
    await until('it is reported', () => relay.metrics.last.backlog?.parkedRows === 1);
  });

  test('does not let a topic that is missing keep the others waiting', async () => {
    await using fixture = await createFixture();
    const relay = await fixture.relay({ limits: { lanesPerTopic: 4, readRows: 10 } });
    const strangers = Array.from({ length: 50 }, (_, n) =>
      profileUpdated({ userId: `user-${n}`, displayName: 'x' }),
    );
    await appendToOutbox(fixture.pool, strangers, { source: '/sori/test' });
    await append(fixture.pool, [renamed('a', '1')]);
    await until('the other topic is through', () => names(fixture, 'a').length === 1);
    fixture.log.createTopic('user.events', PARTITIONS);
    await published(fixture);
    assert.equal(fixture.log.records('user.events').length, 50);
    assert.equal(relay.metrics.counts.parked, 0);
  });
});

describe('the life of a relay', () => {
  test('says that it is cold while its topics cannot be opened', async () => {
    await using fixture = await createFixture({});
    const relay = await fixture.relay();
    await until('it has tried', () => relay.problem() !== 'no way to the log (starting)');
    assert.equal(relay.problem(), 'no way to the log (STREAM_LOG_FAILED)');
    fixture.log.createTopic(TOPIC, PARTITIONS);
    await until('it is active', () => relay.state === 'active');
  });

  test('says that it has no database, and can be stopped all the same', async () => {
    await using fixture = await createFixture();
    const relay = await fixture.relay({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none' });
    const reason = 'no session in the database (STREAM_DEPENDENCY_UNAVAILABLE)';
    await until('it has tried', () => relay.problem() === reason);
    await relay[Symbol.asyncDispose]();
  });

  test('finishes what is on its way when it is stopped, and starts nothing', async () => {
    await using fixture = await createFixture();
    const target = { topic: TOPIC, partition: 0 };
    const room = roomOn(0);
    const relay = await fixture.relay();
    await until('it is active', () => relay.state === 'active');
    const held = fixture.log.faults.holdAppends(target);
    await append(
      fixture.pool,
      ['1', '2'].map((name) => renamed(room, name)),
    );
    await until('the first is with the log', () => fixture.log.faults.appendsArrived(target) === 1);
    const stopped = relay[Symbol.asyncDispose]();
    held[Symbol.dispose]();
    await stopped;
    assert.deepEqual(names(fixture, room), ['1']);
    assert.equal(await waitingRows(fixture.pool), 1);
    await fixture.relay();
    await published(fixture);
    assert.deepEqual(names(fixture, room), ['1', '2']);
  });

  test('is stopped in bounded time though the log does not answer', async () => {
    await using fixture = await createFixture();
    const target = { topic: TOPIC, partition: 0 };
    const relay = await fixture.relay({ limits: { drainMs: 50 } });
    using _held = fixture.log.faults.holdAppends(target);
    await append(fixture.pool, [renamed(roomOn(0), '1')]);
    await until('it is with the log', () => fixture.log.faults.appendsArrived(target) === 1);
    await relay[Symbol.asyncDispose]();
    assert.equal(await waitingRows(fixture.pool), 1);
  });

  test('is woken by writers, without waiting for its next poll', async () => {
    await using fixture = await createFixture();
    const { pool } = fixture;
    const day = 24 * 60 * 60 * 1_000;
    const relay = await fixture.relay({ limits: { pollMinMs: day, pollMaxMs: day } });
    await until('it is active', () => relay.state === 'active');
    await append(pool, [renamed('a', '1')]);
    createRelayWaker({ pool, logger: silentLogger }).wake();
    await published(fixture);
  });

  test('deletes what it has published, but for the last few', async () => {
    await using fixture = await createFixture();
    const limits = { deleteEveryMs: 10, deleteRows: 3, publishedRowsKept: 2 };
    await fixture.relay({ limits });
    await append(
      fixture.pool,
      Array.from({ length: 20 }, (_, n) => renamed('a', `${n}`)),
    );
    await until('two are left', async () => {
      const { rows } = await fixture.pool.query('SELECT id FROM outbox');
      return rows.length === 2;
    });
    assert.equal(names(fixture, 'a').length, 20);
  });

  test('reports the backlog while another publishes, or nobody', async () => {
    await using fixture = await createFixture({});
    const relay = await fixture.relay({ limits: { measureEveryMs: 10 } });
    await append(fixture.pool, [renamed('a', '1'), renamed('b', '1')]);
    await until('two rows are seen', () => relay.metrics.last.backlog?.waitingRows === 2);
  });
});
