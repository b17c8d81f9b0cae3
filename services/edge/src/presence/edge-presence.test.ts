import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { userOnlineStatus } from '@sori/chat-events';
import { DependencyUnavailable } from '@sori/stream';
import { DEFAULT_LIMITS } from '../limits.ts';
import { seenPresence, startPresenceWorld } from '../testing/presence-world.ts';
import { TestDevice } from '../testing/test-device.ts';

const SECOND_MS = 1_000;
/** A change is published, read, gathered and written. */
const SHOWN_MS = 2 * SECOND_MS;
const { presenceLeaseMs, presenceHeartbeatMs, presenceGraceMs } = DEFAULT_LIMITS;

describe('what an edge says of its connections', () => {
  test('that they came, that they are still there, that they went', async () => {
    await using world = startPresenceWorld();
    const edge = await world.startEdge();
    const ann = new TestDevice('ann');
    ann.connect(edge.delivery);
    await world.clock.advance(2 * presenceHeartbeatMs);
    const beats = world.announced('ann').slice(1);
    assert.equal(world.announced('ann')[0], 'changed online other');
    assert.deepEqual(beats, ['heartbeat online other', 'heartbeat online other']);
    ann.cut();
    await world.clock.advance(presenceHeartbeatMs);
    assert.deepEqual(world.announced('ann').slice(3), ['changed offline other']);
    assert.equal(await edge.count('sori_edge_presence_announced_total'), 4);
  });

  test('nothing that hurts delivery when the log takes none of it', async () => {
    await using world = startPresenceWorld();
    const edge = await world.startEdge();
    const outages = Array.from({ length: userOnlineStatus.partitions }, (_, partition) =>
      world.log.faults.makeUnavailable({ topic: userOnlineStatus.name, partition }),
    );
    const ann = new TestDevice('ann');
    ann.connect(edge.delivery);
    await world.clock.advance(2 * presenceHeartbeatMs);
    assert.ok((await edge.count('sori_edge_presence_dropped_total', 'undelivered')) > 0);
    await world.notify({ recipients: ['ann'] });
    await world.clock.advance(SECOND_MS);
    assert.equal(ann.frames.at(-1)?.event, 'message.chat.sent');
    for (const outage of outages) outage[Symbol.dispose]();
    await world.clock.advance(presenceHeartbeatMs);
    assert.ok(world.announced('ann').includes('heartbeat online other'));
  });
});

describe('what people see of friends', () => {
  test('who is there when they come, and who comes and goes, and nobody else', async () => {
    await using world = startPresenceWorld();
    world.friendships.add(['ann', 'ben']);
    const [near, far] = [await world.startEdge(), await world.startEdge()];
    const [ann, ben, cho] = [new TestDevice('ann'), new TestDevice('ben'), new TestDevice('cho')];
    ann.connect(near.delivery);
    cho.connect(near.delivery);
    await world.clock.advance(SHOWN_MS);
    assert.deepEqual(seenPresence(ann), ['all']);
    ben.connect(far.delivery);
    await world.clock.advance(SHOWN_MS);
    assert.deepEqual(seenPresence(ben), ['all ann=online']);
    ben.cut();
    await world.clock.advance(presenceGraceMs + SHOWN_MS);
    assert.deepEqual(seenPresence(ann), ['all', 'changed ben=online', 'changed ben=offline']);
    assert.deepEqual(seenPresence(cho), ['all']);
  });

  test('one of several devices that goes is not seen', async () => {
    await using world = startPresenceWorld();
    world.friendships.add(['ann', 'ben']);
    const [near, far] = [await world.startEdge(), await world.startEdge()];
    const [ann, phone, laptop] = ['ann', 'ben', 'ben'].map((id) => new TestDevice(id));
    ann?.connect(near.delivery);
    await world.clock.advance(SHOWN_MS);
    phone?.connect(near.delivery);
    laptop?.connect(far.delivery);
    await world.clock.advance(SHOWN_MS);
    phone?.cut();
    await world.clock.advance(presenceLeaseMs + presenceGraceMs);
    assert.ok(ann !== undefined);
    assert.deepEqual(seenPresence(ann), ['all', 'changed ben=online']);
  });

  test('a move to another edge is not seen', async () => {
    await using world = startPresenceWorld();
    world.friendships.add(['ann', 'ben']);
    const [near, far] = [await world.startEdge(), await world.startEdge()];
    const [ann, ben] = [new TestDevice('ann'), new TestDevice('ben')];
    ben.connect(far.delivery);
    await world.clock.advance(SHOWN_MS);
    ann.connect(near.delivery);
    await world.clock.advance(SHOWN_MS);
    const draining = far.delivery.hub.drain();
    await world.clock.advance(5 * SECOND_MS);
    await draining;
    ben.connect(near.delivery);
    await world.clock.advance(presenceLeaseMs + presenceGraceMs);
    assert.deepEqual(seenPresence(ann), ['all ben=online']);
  });

  test('begins and ends with the friendship', async () => {
    await using world = startPresenceWorld();
    const edge = await world.startEdge();
    const [ann, ben] = [new TestDevice('ann'), new TestDevice('ben')];
    ann.connect(edge.delivery);
    ben.connect(edge.delivery);
    await world.clock.advance(SHOWN_MS);
    const pair = ['ann', 'ben'] as const;
    world.friendships.add(pair);
    const request = { pairId: 'ann:ben', requesterId: 'ann', addresseeId: 'ben' };
    await world.notify({ type: 'friend.request.accepted', data: request });
    await world.clock.advance(SHOWN_MS);
    assert.deepEqual(seenPresence(ann), ['all', 'all ben=online']);
    assert.deepEqual(seenPresence(ben), ['all', 'all ann=online']);
    world.friendships.delete(pair);
    const removal = { pairId: 'ann:ben', userId: 'ann', otherUserId: 'ben' };
    await world.notify({ type: 'friend.relation.removed', data: removal });
    ann.cut();
    await world.clock.advance(presenceGraceMs + SHOWN_MS);
    assert.deepEqual(seenPresence(ben), ['all', 'all ann=online', 'all']);
  });

  test('is nothing while the database is away, and all of it afterwards', async () => {
    await using world = startPresenceWorld();
    world.friendships.add(['ann', 'ben']);
    world.databaseFault = new DependencyUnavailable('postgres', { cause: new Error('away') });
    const edge = await world.startEdge();
    const [ann, ben] = [new TestDevice('ann'), new TestDevice('ben')];
    ann.connect(edge.delivery);
    ben.connect(edge.delivery);
    await world.notify({ recipients: ['ann'] });
    await world.clock.advance(presenceHeartbeatMs);
    assert.deepEqual(
      ann.frames.map(({ event }) => event),
      ['message.chat.sent'],
    );
    assert.ok(world.asked.length < 20, 'a database that is away is left alone');
    world.databaseFault = undefined;
    await world.clock.advance(6 * SECOND_MS);
    assert.deepEqual(seenPresence(ann), ['all ben=online']);
  });

  test('is dropped for a slow device, which is told everything once it reads again', async () => {
    await using world = startPresenceWorld();
    world.friendships.add(['ann', 'ben']);
    const edge = await world.startEdge({ softBacklogBytes: 1_000 });
    const [ann, ben] = [new TestDevice('ann'), new TestDevice('ben')];
    ann.connect(edge.delivery);
    await world.clock.advance(SHOWN_MS);
    ann.stopReading();
    for (let sent = 0; sent < 10; sent++) await world.notify({ recipients: ['ann'] });
    await world.clock.advance(SECOND_MS);
    ben.connect(edge.delivery);
    await world.clock.advance(SHOWN_MS);
    ann.read();
    await world.clock.advance(SHOWN_MS);
    assert.deepEqual(seenPresence(ann), ['all', 'all ben=online']);
  });

  test('comes in one frame a second, however many change', async () => {
    await using world = startPresenceWorld();
    const edge = await world.startEdge();
    const friends = Array.from({ length: 500 }, (_, index) => new TestDevice(`friend-${index}`));
    for (const { userId } of friends) world.friendships.add(['ann', userId]);
    const ann = new TestDevice('ann');
    ann.connect(edge.delivery);
    await world.clock.advance(SHOWN_MS);
    for (const friend of friends) friend.connect(edge.delivery);
    await world.clock.advance(SHOWN_MS);
    const told = seenPresence(ann).slice(1);
    assert.ok(told.length <= 2, `${told.length} frames`);
    assert.equal(told.join(' ').match(/=online/g)?.length, 500);
  });
});
