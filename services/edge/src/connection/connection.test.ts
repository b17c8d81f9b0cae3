import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TestDevice } from '../testing/test-device.ts';
import { startWorld } from '../testing/world.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

const events = (device: TestDevice) => device.frames.map(({ event }) => event);

describe('a stream', () => {
  test('says when to come back and where it stands, then what happens', async () => {
    await using world = await startWorld();
    await world.notify();
    const ann = new TestDevice('ann');
    await world.connect(ann);
    assert.ok(ann.retryMs !== undefined && ann.retryMs >= 1_000 && ann.retryMs <= 5_000);
    assert.deepEqual([ann.ids, ann.frames], [['1.0'], []]);
    await world.notify({ data: { text: 'hello' }, silent: ['ann'] }, 1);
    assert.deepEqual(ann.frames, [
      {
        event: 'message.chat.sent',
        id: '1.1',
        data: {
          id: 'event-1',
          time: '2026-01-27T00:00:00.100Z',
          alert: false,
          data: { text: 'hello' },
        },
      },
    ]);
  });

  test('of another person stays silent, and its place moves on with the heartbeat', async () => {
    await using world = await startWorld();
    const ben = new TestDevice('ben');
    await world.connect(ben);
    for (let i = 0; i < 3; i++) await world.notify();
    assert.deepEqual([ben.ids, ben.frames], [['0.0'], []]);
    await world.clock.advance(14 * SECOND_MS);
    assert.deepEqual(ben.ids, ['0.0'], 'not before 15 seconds');
    await world.clock.advance(11 * SECOND_MS);
    assert.deepEqual([ben.ids, ben.frames], [['0.0', '3.0'], []]);
    await world.clock.advance(MINUTE_MS);
    assert.equal(ben.ids.length, 5, 'about every 20 seconds');
  });

  test('goes to every device of a person', async () => {
    await using world = await startWorld();
    const devices = [new TestDevice('ann'), new TestDevice('ann'), new TestDevice('ann')];
    for (const device of devices) await world.connect(device);
    await world.notify();
    assert.deepEqual(devices.map(events), Array(3).fill(['message.chat.sent']));
    devices[0]?.cut();
    await world.notify();
    assert.deepEqual(
      devices.map(({ frames }) => frames.length),
      [1, 2, 2],
    );
  });

  test('ends when its token does, with the reason', async () => {
    await using world = await startWorld();
    const ann = new TestDevice('ann');
    await world.connect(ann, { expiresAt: world.clock.now() + 10 * SECOND_MS });
    await world.clock.advance(9 * SECOND_MS);
    assert.ok(ann.isConnected);
    await world.clock.advance(2 * SECOND_MS);
    assert.deepEqual(ann.frames, [
      { event: 'session-ended', id: undefined, data: { reason: 'token-expired' } },
    ]);
    assert.equal(ann.ended, 'end');
    assert.equal(world.edge.delivery.hub.connections, 0);
  });
});

describe('writes', () => {
  test('of one moment go out together', async () => {
    await using world = await startWorld();
    const ann = new TestDevice('ann');
    await world.connect(ann);
    const before = ann.writes;
    const { notify } = world;
    await Promise.all(Array.from({ length: 20 }, () => notify()));
    assert.equal(ann.frames.length, 20);
    assert.equal(ann.writes - before, 1);
  });

  test('of a burst larger than the hard limit go out before the tick; nobody is closed', async () => {
    await using world = await startWorld({ hardBacklogBytes: 2_000 });
    const ann = new TestDevice('ann');
    await world.connect(ann);
    await Promise.all(Array.from({ length: 50 }, () => world.notify()));
    assert.deepEqual([ann.frames.length, ann.ended], [50, undefined]);
  });

  test('are counted, with the time from the event to the write', async () => {
    await using world = await startWorld({ writeTickMs: 10 });
    for (const user of ['ann', 'ben']) await world.connect(new TestDevice(user));
    await world.notify({ recipients: ['ann', 'ben', 'cho'] });
    assert.equal(await world.edge.count('sori_edge_frames_total'), 2);
    assert.equal(await world.edge.count('sori_edge_delivery_seconds'), 1);
  });
});

describe('a slow client', () => {
  const TEXT = { text: 'x'.repeat(1_000) };

  test('is closed when more waits for it than the hard limit, and goes on where it was', async () => {
    await using world = await startWorld({ hardBacklogBytes: 20_000, replayWindowBytes: 5_000 });
    const ann = new TestDevice('ann');
    const other = new TestDevice('ann');
    for (const device of [ann, other]) await world.connect(device);
    ann.stopReading();
    for (let i = 0; i < 30; i++) await world.notify({ data: TEXT });
    assert.equal(ann.ended, 'destroyed');
    assert.equal(await world.edge.count('sori_edge_slow_closed_total', 'backlog'), 1);
    assert.equal(other.frames.length, 30, 'others are not held up');
    await world.connect(ann);
    ann.read();
    assert.equal(ann.frames.length, 30);
    assert.equal(new Set(ann.frames.map(({ data }) => JSON.stringify(data))).size, 30);
  });

  test('gets a frame larger than the limit all the same', async () => {
    await using world = await startWorld({ hardBacklogBytes: 500, replayWindowBytes: 500 });
    const ann = new TestDevice('ann');
    await world.connect(ann);
    await world.notify({ data: TEXT });
    ann.cut();
    await world.notify({ data: TEXT });
    await world.connect(ann);
    assert.equal(ann.frames.length, 2);
  });

  test('is closed when it takes nothing for a minute', async () => {
    await using world = await startWorld();
    const ann = new TestDevice('ann');
    await world.connect(ann);
    ann.stopReading();
    await world.notify({ data: TEXT });
    await world.clock.advance(58 * SECOND_MS);
    assert.ok(ann.isConnected);
    await world.clock.advance(5 * SECOND_MS);
    assert.equal(ann.ended, 'destroyed');
    assert.equal(await world.edge.count('sori_edge_slow_closed_total', 'stalled'), 1);
  });

  test('gets no heartbeats past the soft limit', async () => {
    await using world = await startWorld({ softBacklogBytes: 3_000, stallMs: 10 * MINUTE_MS });
    const ann = new TestDevice('ann');
    await world.connect(ann);
    ann.stopReading();
    for (let i = 0; i < 3; i++) await world.notify({ data: TEXT });
    await world.clock.advance(5 * MINUTE_MS);
    ann.read();
    assert.equal(ann.frames.length, 3);
    assert.deepEqual(ann.ids, ['0.0', '1.0', '2.0', '3.0']);
  });

  test('gets a long replay piece by piece, not all of it in memory', async () => {
    await using world = await startWorld({ replayWindowBytes: 3_000, hardBacklogBytes: 10_000 });
    const ann = new TestDevice('ann');
    await world.connect(ann);
    ann.cut();
    for (let i = 0; i < 50; i++) await world.notify({ data: TEXT });
    await world.connect(ann);
    for (let i = 0; i < 100; i++) {
      ann.stopReading();
      await world.clock.advance(20);
      ann.read();
    }
    assert.equal(ann.frames.length, 50);
    assert.equal(ann.ended, undefined);
  });
});
