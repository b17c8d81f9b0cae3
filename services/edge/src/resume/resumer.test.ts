import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TestDevice } from '../testing/test-device.ts';
import { TEST_TOPIC } from '../testing/test-edge.ts';
import { startWorld, type World } from '../testing/world.ts';

const events = (device: TestDevice) => device.frames.map(({ event }) => event);

/** A world whose ring holds next to nothing, with a device of ann's that misses `missed` events. */
async function missedBy(missed: number, limits = {}): Promise<{ world: World; ann: TestDevice }> {
  const world = await startWorld({ ringBytes: 2_000, ...limits });
  const ann = new TestDevice('ann');
  await world.connect(ann);
  ann.cut();
  for (let i = 0; i < missed; i++) await world.notify({}, i % 2);
  return { world, ann };
}

describe('a cursor', () => {
  test('that is none, or of no log there is, starts anew from now', async () => {
    await using world = await startWorld();
    for (let i = 0; i < 3; i++) await world.notify();
    for (const cursor of ['nonsense', '1.-1', '99.0', '0.1', '0.0.0.0.1', '1.0\ninjected']) {
      const ann = new TestDevice('ann');
      await world.connect(ann, { cursor });
      assert.deepEqual(ann.frames, [{ event: 'reset', id: undefined, data: {} }], cursor);
      assert.deepEqual(ann.ids, ['3.0']);
      await world.notify({ recipients: ['ann'] });
      assert.deepEqual(events(ann), ['reset', 'message.chat.sent']);
      ann.cut();
      world.log.faults.truncate({ topic: TEST_TOPIC, partition: 0, offset: 3 });
      await world.clock.advance(100);
    }
  });

  test('with fewer partitions means their start', async () => {
    await using world = await startWorld();
    await world.notify({}, 1);
    const ann = new TestDevice('ann');
    await world.connect(ann, { cursor: '0' });
    assert.deepEqual(ann.ids, ['0.0', '0.1', '0.1']);
    assert.deepEqual(events(ann), ['message.chat.sent']);
  });
});

describe('a place below the ring', () => {
  test('is read from the log', async () => {
    const { world, ann } = await missedBy(40);
    await using _ = world;
    await world.connect(ann);
    assert.equal(ann.frames.length, 40);
    assert.equal(await world.edge.count('sori_edge_replays_total', 'log'), 1);
    await world.notify();
    assert.equal(ann.frames.length, 41);
  });

  test('that is too far back starts anew', async () => {
    const { world, ann } = await missedBy(40, { logReplayRecords: 30 });
    await using _ = world;
    await world.connect(ann);
    assert.deepEqual(events(ann), ['reset']);
    assert.equal(await world.edge.count('sori_edge_replays_total', 'reset'), 1);
  });

  test('that retention has removed starts anew', async () => {
    const { world, ann } = await missedBy(40);
    await using _ = world;
    world.log.faults.deleteBefore({ topic: TEST_TOPIC, partition: 0, offset: 5 });
    await world.connect(ann);
    assert.equal(ann.frames.at(-1)?.event, 'reset');
    assert.equal(ann.cursor, '20.20');
  });

  test('is read for a few at a time; the others start anew', async () => {
    const { world, ann } = await missedBy(40, { logReplays: 1 });
    await using _ = world;
    const second = new TestDevice('ann');
    second.connect(world.edge.delivery, { cursor: '0.0' });
    await world.connect(ann);
    assert.deepEqual(events(ann), ['reset']);
    assert.equal(second.frames.length, 40);
    const third = new TestDevice('ann');
    await world.connect(third, { cursor: '0.0' });
    assert.equal(third.frames.length, 40, 'the first is done');
  });

  test('is not read any more when its client goes', async () => {
    const { world, ann } = await missedBy(40, { logReplays: 1 });
    await using _ = world;
    ann.connect(world.edge.delivery);
    ann.cut();
    await world.clock.advance(100);
    await world.connect(ann);
    assert.equal(ann.frames.length, 40);
  });

  test('tells a redelivery once', async () => {
    const { world, ann } = await missedBy(0);
    await using _ = world;
    for (const sourceId of ['a', 'b', 'a', 'c', 'b', 'd', 'a']) await world.notify({ sourceId });
    await world.connect(ann);
    assert.deepEqual(
      ann.frames.map(({ data }) => (data as { id: string }).id),
      ['a', 'b', 'c', 'd'],
    );
  });
});
