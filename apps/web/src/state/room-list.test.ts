import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADA, MINJI, message, ROOM, timelineOf } from '../testing/sample.ts';
import type { Room } from './model.ts';
import { orderRooms, roomTitle, unreadInAll } from './room-list.ts';

const people = { [ADA.id]: ADA, [MINJI.id]: MINJI };
const direct: Room = {
  ...ROOM,
  id: 'direct',
  kind: 'direct',
  members: [
    { userId: ADA.id, role: 'member' },
    { userId: MINJI.id, role: 'member' },
  ],
};

test('a direct room is called as the other one is, for each of the two', () => {
  assert.equal(roomTitle(direct, people, ADA.id), MINJI.displayName);
  assert.equal(roomTitle(direct, people, MINJI.id), ADA.displayName);
  assert.equal(roomTitle({ ...direct, members: [] }, people, ADA.id), direct.name);
  assert.equal(roomTitle(ROOM, people, ADA.id), ROOM.name);
});

test('rooms stand by what was said last, then by name, archived ones at the end', () => {
  const named = (id: string, fields: Partial<Room> = {}): Room => ({
    ...ROOM,
    id,
    name: id,
    ...fields,
  });
  const rooms = Object.fromEntries(
    [named('b'), named('a'), named('old', { archived: true }), named('early'), named('late')].map(
      (room) => [room.id, room],
    ),
  );
  const saidAt = (sentAt: string) => timelineOf([message('m', { sentAt })]);
  const timelines = {
    early: saidAt('2026-03-02T09:00:00.000Z'),
    late: saidAt('2026-03-02T09:00:01.000Z'),
    old: saidAt('2026-03-02T10:00:00.000Z'),
  };
  const ordered = orderRooms(
    rooms,
    timelines,
    ({ name }) => name,
    (a, b) => a.localeCompare(b),
  );
  assert.deepEqual(
    ordered.map(({ id }) => id),
    ['late', 'early', 'a', 'b', 'old'],
  );
});

test('the title counts the unread of rooms that may be heard', () => {
  const rooms = { room: ROOM, muted: { ...ROOM, id: 'muted', muted: true } };
  const timelines = {
    room: timelineOf([], { unread: 2 }),
    muted: timelineOf([], { unread: 5 }),
    unheard: timelineOf([], { unread: 7 }),
  };
  assert.equal(unreadInAll({ rooms, timelines }), 2);
});
