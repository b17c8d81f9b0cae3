import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  chatNotificationGroup,
  friendRequestSent,
  memberRemoved,
  messageEdited,
  messageEvents,
  messageSent,
  notificationEvents,
  notificationGroup,
  profileUpdated,
  receiptRead,
} from '@sori/chat-events';
import { derivedEventId, partitionForKey } from '@sori/contract';
import { TestWorld } from './test-world.ts';

const SECOND_MS = 1_000;

function sent(roomId: string, userId: string, text: string, membersVersion = 1) {
  const id = derivedEventId('message', userId, roomId, text);
  return messageSent({ roomId, userId, membersVersion, messageId: id, clientMessageId: id, text });
}

/** Where a room's messages are. */
function partitionOf(roomId: string): number {
  return partitionForKey(Buffer.from(roomId), messageEvents.partitions);
}

/** Names of rooms that are all on one partition of message.events. */
function roomsOn(partition: number, count: number): readonly string[] {
  const names = Array.from({ length: 1_000 }, (_, n) => `room-${n}`);
  return names.filter((name) => partitionOf(name) === partition).slice(0, count);
}

const textIn = (data: Record<string, unknown>): unknown => data['text'];

describe('a message', () => {
  test('reaches every member in one record; sender, muters and blockers are not alerted', async () => {
    await using world = new TestWorld();
    world.audience.members.set('r1@3', ['ann', 'bob', 'cem', 'dia']);
    world.audience.muted.set('r1', ['bob']);
    world.audience.blockers.set('ann', ['cem', 'somebody-elsewhere']);
    await world.start();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const draft = sent('r1', 'ann', 'hi', 3);
    const id = world.store(draft, { correlationId: 'c1', traceparent });
    await world.clock.advance(SECOND_MS);

    const [notification, ...others] = world.feed();
    assert.equal(others.length, 0);
    assert.equal(notification?.id, derivedEventId('notification', id, '0'));
    assert.equal(notification.source, '/sori/notifier');
    assert.equal(notification.subject, 'r1');
    assert.equal(notification.causationId, id);
    assert.equal(notification.correlationId, 'c1');
    assert.equal(notification.traceparent, traceparent);
    assert.deepEqual(notification.data.recipients, ['ann', 'bob', 'cem', 'dia']);
    assert.deepEqual(notification.data.silent, ['ann', 'bob', 'cem']);
    assert.deepEqual(notification.data.source.data, draft.data);
  });

  test('reaches those who were members as of its version, whoever is now', async () => {
    await using world = new TestWorld();
    // bob leaves in version 2, cem joins in version 3.
    world.audience.members.set('r1@1', ['ann', 'bob']);
    world.audience.members.set('r1@2', ['ann']);
    world.audience.members.set('r1@3', ['ann', 'cem']);
    await world.start();
    for (const version of [1, 2, 3]) world.store(sent('r1', 'ann', `at ${version}`, version));
    await world.clock.advance(SECOND_MS);
    assert.deepEqual(
      world.feed().map(({ data }) => [textIn(data.source.data), data.recipients]),
      [
        ['at 1', ['ann', 'bob']],
        ['at 2', ['ann']],
        ['at 3', ['ann', 'cem']],
      ],
    );
  });

  test('an edit or a receipt alerts nobody, and nobody is asked who would mind', async () => {
    await using world = new TestWorld();
    world.audience.members.set('r1@1', ['ann', 'bob']);
    await world.start();
    const at = { roomId: 'r1', userId: 'ann', membersVersion: 1, messageId: 'm1' };
    world.store(messageEdited({ ...at, text: 'ho' }));
    world.store(receiptRead(at));
    await world.clock.advance(SECOND_MS);
    assert.deepEqual(
      world.feed().map(({ data }) => data.silent),
      [
        ['ann', 'bob'],
        ['ann', 'bob'],
      ],
    );
    assert(!world.audience.asked.some((what) => what.startsWith('quiet')));
  });

  test('in a room larger than one record takes several, all before the next message', async () => {
    await using world = new TestWorld();
    const members = Array.from({ length: 4_500 }, (_, n) => `u${String(n).padStart(4, '0')}`);
    world.audience.members.set('r1@1', members);
    await world.start();
    const ids = [world.store(sent('r1', 'u0000', '1')), world.store(sent('r1', 'u0000', '2'))];
    await world.clock.advance(SECOND_MS);
    const feed = world.feed();
    assert.deepEqual(
      feed.map(({ data }) => [data.source.id, data.chunk, data.chunks, data.recipients.length]),
      ids.flatMap((id) => [
        [id, 0, 3, 2_000],
        [id, 1, 3, 2_000],
        [id, 2, 3, 500],
      ]),
    );
    assert.deepEqual(
      world.feed(ids[0]).flatMap(({ data }) => data.recipients),
      members,
    );
  });

  test('of one room waits for the one before, of another does not', async () => {
    await using world = new TestWorld();
    const [slow, quick] = roomsOn(0, 2) as [string, string];
    const answer = Promise.withResolvers<void>();
    world.audience.hold = async (roomId) => (roomId === slow ? answer.promise : undefined);
    for (const room of [slow, quick]) {
      for (const version of [1, 2, 3]) {
        world.audience.members.set(`${room}@${version}`, ['ann', 'bob']);
        world.store(sent(room, 'ann', `${version}`, version));
      }
    }
    await world.start();
    await world.clock.advance(SECOND_MS);
    const texts = (room: string): readonly unknown[] =>
      world
        .feed()
        .filter(({ data }) => data.targetId === room)
        .map(({ data }) => textIn(data.source.data));
    assert.deepEqual([texts(slow), texts(quick)], [[], ['1', '2', '3']]);
    answer.resolve();
    await world.clock.advance(SECOND_MS);
    assert.deepEqual(texts(slow), ['1', '2', '3']);
  });

  test('handled twice makes the same records, byte for byte', async () => {
    await using world = new TestWorld();
    world.audience.members.set('r1@1', ['ann', 'bob']);
    await world.start();
    const ids = ['1', '2'].map((text) => world.store(sent('r1', 'ann', text)));
    // Published, and not committed yet: the commit comes 300 ms later.
    await world.clock.advance(100);
    assert.equal(world.feed().length, 2);
    world.log.faults.removeMember(notificationGroup.id, 'notifier-1');
    await world.clock.advance(60 * SECOND_MS);
    for (const id of ids) {
      const [first, second, ...others] = world
        .records()
        .filter(({ value }) => value?.includes(`"id":"${id}"`));
      assert.equal(others.length, 0);
      assert.deepEqual(second?.value, first?.value);
      assert.deepEqual(second?.headers, first?.headers);
      assert.deepEqual(second?.key, first?.key);
    }
  });
});

describe('other events', () => {
  test('a friend request reaches both, each under their own key', async () => {
    await using world = new TestWorld();
    await world.start();
    world.store(friendRequestSent({ pairId: 'ann:bob', requesterId: 'ann', addresseeId: 'bob' }));
    await world.clock.advance(SECOND_MS);
    const byPerson = world
      .feed()
      .map(({ subject, data }) => [subject, data.recipients, data.silent]);
    assert.deepEqual(byPerson.toSorted(), [
      ['ann', ['ann'], ['ann']],
      ['bob', ['bob'], []],
    ]);
  });

  test('a profile reaches friends', async () => {
    await using world = new TestWorld();
    world.audience.friends.set('bob', ['ann', 'cem']);
    await world.start();
    world.store(profileUpdated({ userId: 'bob', displayName: 'Bobby' }));
    await world.clock.advance(SECOND_MS);
    const [notification] = world.feed();
    assert.equal(notification?.subject, 'bob');
    assert.deepEqual(notification.data.recipients, ['ann', 'bob', 'cem']);
  });

  test('who is removed from a room is told, though no member any more', async () => {
    await using world = new TestWorld();
    world.audience.members.set('r1@5', ['ann', 'cem']);
    await world.start();
    const data = { roomId: 'r1', actorId: 'ann', userId: 'bob', membersVersion: 5 };
    world.store(memberRemoved(data));
    await world.clock.advance(SECOND_MS);
    const [notification] = world.feed();
    assert.deepEqual(notification?.data.recipients, ['ann', 'bob', 'cem']);
    assert.deepEqual(notification.data.silent, ['ann', 'cem']);
    await world.clock.advance(SECOND_MS);
    const committed = world.log.group(chatNotificationGroup.id).committedOffsets;
    assert.equal(
      committed.reduce((sum, { offset }) => sum + offset, 0),
      1,
    );
  });
});

describe('what goes wrong', () => {
  test('a record that is no event goes to the dead-letter topic; the room goes on', async () => {
    await using world = new TestWorld();
    world.audience.members.set('r1@1', ['ann', 'bob']);
    const target = { topic: messageEvents.name, partition: partitionOf('r1') };
    const poison = { key: Buffer.from('r1'), value: Buffer.from('{"half":'), headers: [] };
    world.store(sent('r1', 'ann', '1'));
    world.log.store(target, [poison]);
    world.store(sent('r1', 'ann', '2'));
    await world.start();
    await world.clock.advance(5 * SECOND_MS);
    const [letter, ...others] = world.log.records(`${messageEvents.name}.dlq`);
    assert.equal(others.length, 0);
    assert.deepEqual(letter?.value, poison.value);
    assert.deepEqual(
      world.feed().map(({ data }) => textIn(data.source.data)),
      ['1', '2'],
    );
    assert.equal(world.log.group(notificationGroup.id).committed(target), 3);
  });

  test('a database that is away is waited for, as long as it takes', async () => {
    await using world = new TestWorld();
    world.audience.members.set('r1@1', ['ann', 'bob']);
    world.audience.away = true;
    const notifier = await world.start();
    for (const text of ['1', '2', '3']) world.store(sent('r1', 'ann', text));
    await world.clock.advance(15 * 60 * SECOND_MS);
    assert.deepEqual(world.records(), []);
    assert.deepEqual(world.log.records(`${messageEvents.name}.dlq`), []);
    const target = { topic: messageEvents.name, partition: partitionOf('r1') };
    assert.equal(world.log.group(notificationGroup.id).committed(target) ?? 0, 0);
    // Restarting it would not bring the database back.
    assert.equal((await notifier.health.report('live')).ok, true);

    world.audience.away = false;
    await world.clock.advance(60 * SECOND_MS);
    assert.deepEqual(
      world.feed().map(({ data }) => textIn(data.source.data)),
      ['1', '2', '3'],
    );
  });

  test('notifications that cannot be stored are waited for, and nothing is given up', async () => {
    await using world = new TestWorld();
    world.audience.members.set('r1@1', ['ann', 'bob']);
    await world.start();
    const partition = partitionForKey(Buffer.from('r1'), notificationEvents.partitions);
    const outage = world.log.faults.makeUnavailable({ topic: notificationEvents.name, partition });
    for (const text of ['1', '2']) world.store(sent('r1', 'ann', text));
    await world.clock.advance(5 * 60 * SECOND_MS);
    assert.deepEqual(world.records(), []);
    assert.deepEqual(world.log.records(`${messageEvents.name}.dlq`), []);
    outage[Symbol.dispose]();
    await world.clock.advance(60 * SECOND_MS);
    assert.deepEqual(
      world.feed().map(({ data }) => textIn(data.source.data)),
      ['1', '2'],
    );
  });

  test('a room that nobody knows concerns nobody, and holds nothing up', async () => {
    await using world = new TestWorld();
    await world.start();
    world.store(sent('nowhere', 'ann', 'hi'));
    await world.clock.advance(5 * SECOND_MS);
    assert.deepEqual(world.records(), []);
    const target = { topic: messageEvents.name, partition: partitionOf('nowhere') };
    assert.equal(world.log.group(notificationGroup.id).committed(target), 1);
  });
});

describe('its life', () => {
  test('three share the partitions of a group, one has those of the other; all are ready', async () => {
    await using world = new TestWorld();
    const names = ['notifier-1', 'notifier-2', 'notifier-3'];
    const notifiers = await Promise.all(names.map((name) => world.start(name)));
    await world.clock.advance(30 * SECOND_MS);
    for (const { health } of notifiers) {
      assert.deepEqual(await health.report('ready'), { ok: true, problems: [] });
      assert.deepEqual(await health.report('live'), { ok: true, problems: [] });
    }
    const partitions = world.log
      .group(notificationGroup.id)
      .members.map(({ name, partitions }) => [name, partitions.length]);
    assert.deepEqual(partitions.toSorted(), [
      ['notifier-1', 4],
      ['notifier-2', 4],
      ['notifier-3', 8],
    ]);
  });

  test('stopping finishes what runs, commits it, leaves both groups, and is not ready before', async () => {
    await using world = new TestWorld();
    world.audience.members.set('r1@1', ['ann', 'bob']);
    const answer = Promise.withResolvers<void>();
    world.audience.hold = () => answer.promise;
    const notifier = await world.start();
    world.store(sent('r1', 'ann', '1'));
    await world.clock.advance(100);
    const stopped = notifier[Symbol.asyncDispose]();
    assert.equal((await notifier.health.report('ready')).ok, false);
    assert.equal(world.feed().length, 0);
    answer.resolve();
    await stopped;
    assert.equal(world.feed().length, 1);
    const target = { topic: messageEvents.name, partition: partitionOf('r1') };
    assert.equal(world.log.group(notificationGroup.id).committed(target), 1);
    assert.equal(world.log.group(notificationGroup.id).members.length, 0);
    assert.equal(world.log.group(chatNotificationGroup.id).members.length, 0);
  });
});
