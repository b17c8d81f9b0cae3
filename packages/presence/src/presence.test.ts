import assert from 'node:assert/strict';
import { test } from 'node:test';
import { presenceChanged, presenceHeartbeat } from '@sori/chat-events';
import type { Event } from '@sori/contract';
import fc from 'fast-check';
import { Presence, type PresenceState } from './presence.ts';

const LEASE_MS = 75_000;
const GRACE_MS = 5_000;
const START = 1_000_000;

function record(
  definition: typeof presenceChanged | typeof presenceHeartbeat,
  sessionId: string,
  state: PresenceState,
  userId = 'ada',
): Event {
  const since = new Date(START).toISOString();
  const { data } = definition({
    userId,
    sessionId,
    edgeId: 'edge-1',
    device: 'web',
    leaseMs: LEASE_MS,
    state,
    since,
  });
  return { type: definition.type, data } as Event;
}

const changed = record.bind(undefined, presenceChanged);
const heartbeat = record.bind(undefined, presenceHeartbeat);

test('a session makes a person online until its lease ends, and a grace longer', () => {
  const presence = new Presence({ graceMs: GRACE_MS });
  assert.deepEqual(presence.apply(changed('s1', 'online'), START, START), [
    { userId: 'ada', before: 'offline', state: 'online', since: START },
  ]);
  assert.deepEqual(presence.expire(START + LEASE_MS), []);
  assert.equal(presence.of('ada').state, 'online');
  const end = START + LEASE_MS + GRACE_MS;
  assert.deepEqual(presence.expire(end), [
    { userId: 'ada', before: 'online', state: 'offline', since: end },
  ]);
  assert.equal(presence.present, 0);
});

test('a heartbeat prolongs the lease, and makes a session known that began before', () => {
  const presence = new Presence({ graceMs: 0 });
  presence.apply(heartbeat('s1', 'away'), START, START);
  assert.equal(presence.of('ada').state, 'away');
  presence.apply(heartbeat('s1', 'away'), START + 30_000, START + 30_000);
  presence.expire(START + LEASE_MS);
  assert.equal(presence.of('ada').state, 'away');
});

test('one of two devices going offline changes nothing', () => {
  const presence = new Presence({ graceMs: 0 });
  presence.apply(changed('phone', 'online'), START, START);
  presence.apply(changed('laptop', 'online'), START, START);
  assert.deepEqual(presence.apply(changed('phone', 'offline'), START + 1, START + 1), []);
  assert.equal(presence.of('ada').state, 'online');
});

test('a reload within the grace is not seen', () => {
  const presence = new Presence({ graceMs: GRACE_MS });
  presence.apply(changed('s1', 'online'), START, START);
  assert.deepEqual(presence.apply(changed('s1', 'offline'), START + 1, START + 1), []);
  assert.deepEqual(presence.apply(changed('s2', 'online'), START + 1_000, START + 1_000), []);
  assert.deepEqual(presence.expire(START + GRACE_MS + 1_000), []);
});

test('a late record of a session that ended does not bring it back', () => {
  const presence = new Presence({ graceMs: 0 });
  presence.apply(changed('s1', 'online'), START, START);
  presence.apply(changed('s1', 'offline'), START + 10, START + 10);
  assert.deepEqual(presence.apply(heartbeat('s1', 'online'), START + 5, START + 20), []);
  assert.equal(presence.of('ada').state, 'offline');
});

test('records of leases that are over leave nothing behind', () => {
  const presence = new Presence({ graceMs: 0 });
  presence.apply(changed('s1', 'online'), START, START + LEASE_MS);
  assert.equal(presence.of('ada').state, 'offline');
});

test('any order of records across sessions ends in the same state', () => {
  const step = fc.record({
    session: fc.constantFrom('a', 'b', 'c'),
    state: fc.constantFrom<PresenceState>('online', 'away', 'offline'),
    at: fc.integer({ min: 0, max: 1_000 }),
  });
  const unique = fc.uniqueArray(step, { selector: ({ session, at }) => `${session}/${at}` });
  fc.assert(
    fc.property(unique, fc.infiniteStream(fc.nat()), (steps, random) => {
      const now = START + 1_000;
      const play = (order: typeof steps): PresenceState => {
        const presence = new Presence({ graceMs: 0 });
        for (const { session, state, at } of order) {
          presence.apply(changed(session, state), START + at, now);
        }
        presence.expire(now);
        return presence.of('ada').state;
      };
      const shuffled = steps
        .map((entry) => ({ entry, rank: Number(random.next().value) }))
        .sort((one, other) => one.rank - other.rank)
        .map(({ entry }) => entry);
      assert.equal(play(shuffled), play(steps));
    }),
  );
});
