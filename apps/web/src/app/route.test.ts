import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIST_HASH, PEOPLE_HASH, parseRoute, roomHash } from './route.ts';

test('an address leads where it says, and nowhere else to the list', () => {
  assert.deepEqual(parseRoute(roomHash('room_1-a')), { name: 'room', roomId: 'room_1-a' });
  assert.deepEqual(parseRoute(PEOPLE_HASH), { name: 'people' });
  for (const hash of [LIST_HASH, '', '#', '#/rooms/', '#/rooms/a/b', '#/rooms/%00', '#/people/x']) {
    assert.deepEqual(parseRoute(hash), { name: 'list' }, hash);
  }
});
