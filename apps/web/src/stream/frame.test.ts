import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONTROL_EVENTS } from '@sori/api';
import { catalog } from '@sori/chat-events';
import { CONTROL_TYPES, FEED_TYPES, readControlFrame, readFeedFrame } from './frame.ts';

test('the page listens for every type of the catalog that a feed may carry, and no other', () => {
  const carried = catalog.events
    .map(({ type }) => type)
    .filter((type) => !/^(user\.presence|notification)\./.test(type));
  assert.deepEqual(FEED_TYPES.toSorted(), carried.toSorted());
});

test('and for every control frame of the contract', () => {
  assert.deepEqual(CONTROL_TYPES.toSorted(), CONTROL_EVENTS.toSorted());
});

test('a frame is what the edge sent', () => {
  const data = { roomId: 'r', name: 'New' };
  const body = { id: 'e', time: '2026-03-02T09:00:00Z', alert: true, data };
  assert.deepEqual(readFeedFrame('chat.room.updated', JSON.stringify(body)), {
    type: 'chat.room.updated',
    ...body,
  });
});

test('what is no frame is none', () => {
  for (const text of ['', 'no json', '[]', 'null', '{"id":"e"}', '{"id":1,"time":"t","data":{}}']) {
    assert.equal(readFeedFrame('chat.room.updated', text), undefined, text);
  }
  assert.equal(readControlFrame('room-left', '{}'), undefined);
  assert.deepEqual(readControlFrame('reset', ''), { type: 'reset' });
  assert.deepEqual(readControlFrame('room-left', '{"roomId":"r"}'), {
    type: 'room-left',
    roomId: 'r',
  });
});
