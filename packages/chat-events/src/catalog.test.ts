import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { InvalidEventData, partitionForKey } from '@sori/contract';
import { catalog } from './catalog.ts';
import { pairId } from './events/friend.ts';
import { messageSent } from './events/message.ts';
import { notificationGroup } from './groups.ts';

const DAY_MS = 86_400_000;

/** The table of what was asked for, written out by hand: this is what the catalog is held against. */
const ASKED = {
  'user.events': { partitions: 3, retentionMs: 7 * DAY_MS, perSecond: 50 },
  'user.online_status': { partitions: 6, retentionMs: 3_600_000, perSecond: 500 },
  'friend.events': { partitions: 3, retentionMs: 7 * DAY_MS, perSecond: 100 },
  'chat.events': { partitions: 3, retentionMs: 7 * DAY_MS, perSecond: undefined },
  'message.events': { partitions: 10, retentionMs: 7 * DAY_MS, perSecond: 1_000 },
  'notification.events': { partitions: 3, retentionMs: 7 * DAY_MS, perSecond: undefined },
} as const;

describe('topics', () => {
  for (const [name, asked] of Object.entries(ASKED)) {
    test(`${name} is as asked, and so are its dead letters`, () => {
      const topic = catalog.topic(name);
      assert.equal(topic.partitions, asked.partitions);
      assert.equal(topic.replicationFactor, 3);
      assert.equal(topic.retention.ms, asked.retentionMs);
      assert.equal(topic.cleanup, 'delete');
      assert.equal(topic.minInsyncReplicas, 2);
      if (asked.perSecond !== undefined) {
        assert.equal(topic.expectedLoad.eventsPerSecond, asked.perSecond);
      }
      const deadLetters = catalog.topic(`${name}.dlq`);
      assert.equal(deadLetters.partitions, 1);
      assert.equal(deadLetters.replicationFactor, 3);
      assert.equal(deadLetters.retention.ms, 30 * DAY_MS);
      assert.equal(deadLetters.cleanup, 'delete');
    });
  }

  test('there are no others', () => {
    assert.equal(catalog.topics.length, 2 * Object.keys(ASKED).length);
  });

  test('message.events has the segment, size and codec that were asked for', () => {
    const topic = catalog.topic('message.events');
    assert.equal(topic.segment.bytes, 1_073_741_824);
    assert.equal(topic.retention.bytes, 10_737_418_240);
    assert.equal(topic.compression, 'snappy');
  });

  test('user.online_status has its codec, and segments that close within its retention', () => {
    const topic = catalog.topic('user.online_status');
    assert.equal(topic.compression, 'lz4');
    assert.ok((topic.segment.ms ?? Number.POSITIVE_INFINITY) < topic.retention.ms);
  });

  test('the load asked for is 1,650 events and 1,065,000 bytes a second', () => {
    const asked = Object.entries(ASKED).filter(([, { perSecond }]) => perSecond !== undefined);
    const loads = asked.map(([name]) => catalog.topic(name).expectedLoad);
    assert.equal(sum(loads.map((load) => load.eventsPerSecond)), 1_650);
    assert.equal(sum(loads.map((load) => load.bytesPerSecond)), 1_065_000);
  });
});

describe('events', () => {
  test('every event names its key', () => {
    for (const event of catalog.events) {
      assert.notEqual(event.keyField, undefined, event.type);
    }
  });

  test('a message goes to the partition of its room', () => {
    const draft = messageSent({
      roomId: '123',
      userId: 'u1',
      membersVersion: 1,
      messageId: 'm1',
      clientMessageId: 'c1',
      text: '안녕하세요',
    });
    assert.equal(partitionForKey(Buffer.from(draft.key ?? ''), 10), 5);
  });

  test('ids that could break a key or a URL are refused', () => {
    for (const roomId of ['', 'a b', 'a/b', 'a:b', 'x'.repeat(65)]) {
      const data = { roomId, userId: 'u', membersVersion: 1, messageId: 'm', clientMessageId: 'c' };
      assert.throws(() => messageSent({ ...data, text: 'hi' }), InvalidEventData, roomId);
    }
  });

  test('the key of two people is the same from both sides', () => {
    assert.equal(pairId('bo', 'al'), 'al:bo');
    assert.equal(pairId('al', 'bo'), 'al:bo');
  });
});

test('the notification group is as asked', () => {
  assert.equal(notificationGroup.id, 'notification-consumer-group');
  assert.deepEqual([...notificationGroup.topics].sort(), [
    'friend.events',
    'message.events',
    'user.events',
  ]);
  assert.equal(notificationGroup.members, 3);
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
