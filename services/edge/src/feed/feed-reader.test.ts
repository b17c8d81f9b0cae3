import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMemoryLog, VirtualClock } from '@sori/stream/memory';
import { GatedReader } from '../testing/gated-reader.ts';
import { notificationRecord } from '../testing/notifications.ts';
import { TestDevice } from '../testing/test-device.ts';
import { createTestEdge, TEST_TOPIC } from '../testing/test-edge.ts';
import { startWorld } from '../testing/world.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

const record = (sourceId: string) => notificationRecord({ recipients: ['ann'], sourceId });

describe('a start', () => {
  test('goes back in time, but not past the number of records', async () => {
    const clock = new VirtualClock();
    await using log = createMemoryLog({ topics: { [TEST_TOPIC]: 2 }, clock });
    const target = { topic: TEST_TOPIC, partition: 0 };
    for (let i = 0; i < 20; i++) log.store(target, [record(`old-${i}`)]);
    await clock.advance(10 * MINUTE_MS);
    for (let i = 0; i < 20; i++) log.store(target, [record(`new-${i}`)]);
    const starts = async (limits: { warmUpMs: number; warmUpRecords: number }) => {
      await using edge = createTestEdge(log.reader(), clock, limits);
      await edge.delivery.reader.start();
      const ann = new TestDevice('ann');
      // A resume from the ring's very start is one from the ring.
      for (const offset of [0, 10, 20, 30, 40]) {
        ann.connect(edge.delivery, { cursor: `${offset}.0` });
        await clock.advance(100);
        if ((await edge.count('sori_edge_replays_total', 'ring')) > 0) return offset;
      }
      return undefined;
    };
    assert.equal(await starts({ warmUpMs: 5 * MINUTE_MS, warmUpRecords: 1_000 }), 20);
    // Ten for each of two partitions.
    assert.equal(await starts({ warmUpMs: 5 * MINUTE_MS, warmUpRecords: 20 }), 30);
    assert.equal(await starts({ warmUpMs: 0, warmUpRecords: 1_000 }), 40);
  });

  test('is over when what was the end is behind', async () => {
    const clock = new VirtualClock();
    await using log = createMemoryLog({ topics: { [TEST_TOPIC]: 2 }, clock });
    for (const partition of [0, 1]) log.store({ topic: TEST_TOPIC, partition }, [record('e')]);
    const reader = new GatedReader(log.reader());
    reader.hold(1);
    await using edge = createTestEdge(reader, clock);
    let isReady = false;
    const started = edge.delivery.reader.start().then(() => {
      isReady = true;
    });
    await clock.advance(MINUTE_MS);
    assert.equal(isReady, false);
    reader.release(1);
    await started;
    assert.equal(edge.delivery.context.feed.id, '1.1');
  });
});

describe('the topic', () => {
  test('may grow: new partitions are read from their start, and old cursors still count', async () => {
    await using world = await startWorld();
    const ann = new TestDevice('ann');
    await world.connect(ann);
    ann.cut();
    world.log.growTopic(TEST_TOPIC, 4);
    world.log.store({ topic: TEST_TOPIC, partition: 3 }, [record('in-new')]);
    await world.clock.advance(11 * SECOND_MS);
    await world.connect(ann);
    assert.deepEqual(
      ann.frames.map(({ id }) => id),
      ['0.0.0.1'],
    );
  });

  test('may have grown before this edge noticed: a cursor from another edge says so', async () => {
    await using world = await startWorld();
    world.log.growTopic(TEST_TOPIC, 3);
    for (const id of ['a', 'b']) {
      world.log.store({ topic: TEST_TOPIC, partition: 2 }, [record(id)]);
    }
    const ann = new TestDevice('ann');
    await world.connect(ann, { cursor: '0.0.1' });
    assert.deepEqual(
      ann.frames.map(({ data }) => (data as { id: string }).id),
      ['b'],
    );
  });

  test('may lose records that were not read: everybody is told to start anew', async () => {
    await using world = await startWorld();
    const target = { topic: TEST_TOPIC, partition: 0 };
    await world.notify();
    const ann = new TestDevice('ann');
    await world.connect(ann);
    // All before anything can be read.
    for (const id of ['a', 'b', 'c']) world.log.store(target, [record(id)]);
    world.log.faults.deleteBefore({ ...target, offset: 3 });
    await world.clock.advance(SECOND_MS);
    assert.deepEqual(
      ann.frames.map(({ event }) => event),
      ['reset', 'message.chat.sent'],
    );
    assert.equal(ann.cursor, '4.0');
    await world.connect(ann, { cursor: '1.0' });
    assert.equal(ann.frames.at(-1)?.event, 'reset', 'nor does a resume hide it');
  });
});

describe('an outage of the log', () => {
  test('leaves streams open, is shown, and nothing of it is missing afterwards', async () => {
    await using world = await startWorld();
    const target = { topic: TEST_TOPIC, partition: 0 };
    const [ann, ben] = [new TestDevice('ann'), new TestDevice('ben')];
    for (const device of [ann, ben]) await world.connect(device);
    await world.notify({}, 1);
    // Before it can be read.
    world.log.store(target, [record('in-outage')]);
    const outage = world.log.faults.makeUnavailable(target);
    await world.clock.advance(MINUTE_MS);
    assert.equal(await world.edge.count('sori_edge_log_failing_partitions'), 1);
    assert.ok(ann.isConnected && ben.isConnected);
    assert.equal(ann.frames.length, 1);
    await world.connect(ben, { cursor: '0.0' });
    assert.ok(ben.isConnected, 'a resume from the ring needs no log');
    outage[Symbol.dispose]();
    await world.clock.advance(SECOND_MS);
    assert.equal(ann.frames.length, 2);
    assert.equal(await world.edge.count('sori_edge_log_failing_partitions'), 0);
  });

  test('ends a stream that would need the log: it comes back with its place', async () => {
    await using world = await startWorld({ ringBytes: 0 });
    const ann = new TestDevice('ann');
    await world.connect(ann);
    ann.cut();
    await world.notify();
    const outage = world.log.faults.makeUnavailable({ topic: TEST_TOPIC, partition: 0 });
    await world.connect(ann);
    assert.deepEqual([ann.ended, ann.cursor, ann.frames], ['end', '0.0', []]);
    await world.connect(ann, { cursor: '5.0' });
    assert.deepEqual([ann.ended, ann.frames], ['end', []], 'whether it is known is not known');
    outage[Symbol.dispose]();
    await world.connect(ann);
    assert.equal(ann.frames.length, 1);
  });
});

test('a record that is no notification is counted and passed over', async () => {
  await using world = await startWorld();
  const ann = new TestDevice('ann');
  await world.connect(ann);
  const junk = { key: null, value: Buffer.from('{'), headers: [] };
  world.log.store({ topic: TEST_TOPIC, partition: 0 }, [junk, junk]);
  await world.notify();
  assert.deepEqual(
    ann.frames.map(({ id }) => id),
    ['3.0'],
  );
  assert.equal(await world.edge.count('sori_edge_undecodable_total', 'missing-header'), 2);
});
