import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PresenceFrame } from '../stream/frame.ts';
import { ADA, MINJI, SIGNED_IN } from '../testing/sample.ts';
import type { State } from './model.ts';
import { presenceOf } from './presence.ts';
import { reduce } from './reducer.ts';

const befriended: State = {
  ...SIGNED_IN,
  friends: { ...SIGNED_IN.friends, friends: [MINJI.id, 'jihun'] },
};
const told = (state: State, frame: PresenceFrame) =>
  reduce(state, { type: 'presence/received', frame });
const online = { userId: MINJI.id, state: 'online' as const, since: '2026-03-02T09:00:00.000Z' };
const snapshot = (people: PresenceFrame['people']): PresenceFrame => ({ people, snapshot: true });

test('a friend who is not in a snapshot is offline, of others nothing is known', () => {
  const state = told(befriended, snapshot([online, { ...online, userId: 'stranger' }]));
  assert.equal(presenceOf(state, MINJI.id), 'online');
  assert.equal(presenceOf(state, 'jihun'), 'offline');
  assert.equal(presenceOf(state, 'stranger'), undefined);
  assert.equal(presenceOf(state, ADA.id), undefined);
  assert.equal(presenceOf(state, undefined), undefined);
});

test('changes add to a snapshot, another snapshot stands for all', () => {
  const first = told(befriended, snapshot([online]));
  const away = { ...online, state: 'away' as const };
  const changed = told(first, { people: [away], snapshot: false });
  assert.equal(presenceOf(changed, MINJI.id), 'away');
  assert.equal(presenceOf(told(changed, snapshot([])), MINJI.id), 'offline');
});

test('before a snapshot, and without connection, nothing is known', () => {
  const early = told(befriended, { people: [online], snapshot: false });
  assert.equal(presenceOf(early, MINJI.id), undefined);
  const live = reduce(told(befriended, snapshot([online])), {
    type: 'connection/changed',
    connection: 'live',
  });
  assert.equal(presenceOf(live, MINJI.id), 'online');
  const lost = reduce(live, { type: 'connection/changed', connection: 'connecting' });
  assert.equal(presenceOf(lost, MINJI.id), undefined);
});
