import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONTROL_EVENTS, PRESENCE_EVENT } from '@sori/api';
import { catalog } from '@sori/chat-events';
import {
  CONTROL_TYPES,
  FEED_TYPES,
  PRESENCE_TYPE,
  readControlFrame,
  readFeedFrame,
  readPresenceFrame,
} from './frame.ts';

test('the page listens for every type of the catalog that a feed may carry, and no other', () => {
  const carried = catalog.events
    .map(({ type }) => type)
    .filter((type) => !/^(user\.presence|notification)\./.test(type));
  assert.deepEqual(FEED_TYPES.toSorted(), carried.toSorted());
});

test('and for every control frame of the contract', () => {
  assert.deepEqual(CONTROL_TYPES.toSorted(), CONTROL_EVENTS.toSorted());
});

test('a frame of presence is what the contract says, or none', () => {
  assert.equal(PRESENCE_TYPE, PRESENCE_EVENT);
  const people = [{ userId: 'u', state: 'away', since: '2026-03-02T09:00:00Z' }];
  assert.deepEqual(readPresenceFrame(JSON.stringify({ people, snapshot: true })), {
    people,
    snapshot: true,
  });
  assert.equal(readPresenceFrame(JSON.stringify({ people }))?.snapshot, false);
  for (const text of [
    '',
    '{}',
    '{"people":{}}',
    '{"people":[null]}',
    '{"people":[{"userId":"u"}]}',
  ]) {
    assert.equal(readPresenceFrame(text), undefined, text);
  }
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
