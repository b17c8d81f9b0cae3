import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TestDevice } from '../testing/test-device.ts';
import { startWorld } from '../testing/world.ts';

const SECOND_MS = 1_000;

describe('limits', () => {
  test('connections in all, and of one person', async () => {
    await using world = await startWorld({ connections: 3, connectionsPerUser: 2 });
    const { hub } = world.edge.delivery;
    const devices = [new TestDevice('ann'), new TestDevice('ann'), new TestDevice('ben')];
    for (const device of devices.slice(0, 2)) await world.connect(device);
    assert.equal(hub.refusalOf('ann'), 'connections-per-user');
    assert.equal(hub.refusalOf('ben'), undefined);
    for (const device of devices.slice(2)) await world.connect(device);
    assert.equal(hub.refusalOf('cho'), 'connections');
    devices[0]?.cut();
    assert.equal(hub.refusalOf('cho'), undefined);
    assert.deepEqual([hub.connections, hub.users], [2, 2]);
  });
});

describe('what the feed says of a person', () => {
  const member = { roomId: 'r', actorId: 'cho', userId: 'ann', membersVersion: 2 };

  test('out of a room: said to them, and to nobody else', async () => {
    await using world = await startWorld();
    const [ann, ben] = [new TestDevice('ann'), new TestDevice('ben')];
    for (const device of [ann, ben]) await world.connect(device);
    const type = 'chat.member.removed';
    await world.notify({ recipients: ['ann', 'ben'], type, data: member });
    assert.deepEqual(
      ben.frames.map(({ event }) => event),
      [type],
    );
    assert.deepEqual(
      ann.frames.map(({ event }) => event),
      [type, 'room-left'],
    );
    assert.deepEqual(ann.frames[1], { event: 'room-left', id: undefined, data: { roomId: 'r' } });
  });

  test('out of a room while away: said when they are back', async () => {
    await using world = await startWorld();
    const ann = new TestDevice('ann');
    await world.connect(ann);
    ann.cut();
    await world.notify({ type: 'chat.member.left', data: member });
    await world.connect(ann);
    assert.deepEqual(
      ann.frames.map(({ event }) => event),
      ['chat.member.left', 'room-left'],
    );
  });

  test('an account that is gone ends all its streams for good', async () => {
    await using world = await startWorld();
    const { hub } = world.edge.delivery;
    const devices = [new TestDevice('ann', 's1'), new TestDevice('ann', 's2')];
    for (const device of devices) await world.connect(device);
    // Told to friends only: the stream ends all the same.
    const data = { userId: 'ann' };
    await world.notify({ recipients: ['ben'], type: 'user.account.deleted', data });
    for (const device of devices) {
      assert.deepEqual(device.frames, [
        { event: 'session-ended', id: undefined, data: { reason: 'account-deleted' } },
      ]);
      assert.equal(device.ended, 'end');
    }
    assert.ok(hub.hasEnded('ann', 's3'));
    assert.ok(!hub.hasEnded('ben', 's1'));
  });

  test('a session that ended ends its own streams', async () => {
    await using world = await startWorld();
    const { hub } = world.edge.delivery;
    const [phone, laptop] = [new TestDevice('ann', 'phone'), new TestDevice('ann', 'laptop')];
    for (const device of [phone, laptop]) await world.connect(device);
    const data = { userId: 'ann', sessionId: 'phone' };
    await world.notify({ type: 'user.session.ended', data });
    assert.deepEqual([phone.ended, laptop.ended], ['end', undefined]);
    assert.deepEqual(phone.frames.at(-1)?.data, { reason: 'signed-out' });
    assert.deepEqual(
      [hub.hasEnded('ann', 'phone'), hub.hasEnded('ann', 'laptop'), hub.hasEnded('ann', undefined)],
      [true, false, false],
    );
  });

  test('an account that was switched off ends its streams, and can come back', async () => {
    await using world = await startWorld();
    const ann = new TestDevice('ann');
    await world.connect(ann);
    await world.notify({ type: 'user.account.deactivated', data: { userId: 'ann' } });
    assert.equal(ann.ended, 'end');
    assert.ok(!world.edge.delivery.hub.hasEnded('ann', undefined));
  });
});

describe('an edge that stops', () => {
  test('ends its streams at a rate, each with a time to come back', async () => {
    await using world = await startWorld({ drainPerSecond: 10 });
    const { hub } = world.edge.delivery;
    const devices = Array.from({ length: 20 }, (_, i) => new TestDevice(`user-${i}`));
    for (const device of devices) await world.connect(device);
    const drained = hub.drain();
    assert.equal(hub.refusalOf('ann'), 'draining');
    await world.clock.advance(SECOND_MS);
    assert.ok(hub.connections >= 8 && hub.connections <= 10, `${hub.connections} are left`);
    await world.clock.advance(SECOND_MS);
    await drained;
    assert.equal(hub.connections, 0);
    for (const device of devices) {
      assert.deepEqual([device.ended, device.retries], ['end', 2]);
    }
  });

  test('is done in time however many there are', async () => {
    await using world = await startWorld({ drainPerSecond: 1, drainMs: 2 * SECOND_MS });
    for (let i = 0; i < 100; i++) await world.connect(new TestDevice(`user-${i}`));
    const drained = world.edge.delivery.hub.drain();
    await world.clock.advance(2 * SECOND_MS);
    await drained;
    assert.equal(world.edge.delivery.hub.connections, 0);
  });

  test('writes what waits before it ends a stream', async () => {
    await using world = await startWorld({ writeTickMs: 20 });
    const ann = new TestDevice('ann');
    await world.connect(ann);
    await world.notify();
    void world.notify();
    await world.clock.settle();
    await world.edge.delivery.hub.drain();
    assert.equal(ann.frames.length, 2);
  });
});
