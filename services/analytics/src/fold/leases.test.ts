import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, presenceChanged, presenceHeartbeat } from '@sori/chat-events';
import { encodeEvent } from '@sori/contract';
import { Presence } from '@sori/presence';
import { type LogRecord, projectedRecord } from '@sori/stream';
import fc from 'fast-check';
import { foldLeases, type Said, saidIn } from './leases.ts';

const START = Date.UTC(2026, 0, 27);
const SECONDS = 120;

const said = (userId: string, sessionId: string, saidAt: number, leaseMs: number): Said => ({
  userId,
  sessionId,
  saidAt: START + saidAt,
  until: START + saidAt + leaseMs,
});

/** How many are online at the end of each second from START on. */
function onlineAtEnds(changes: readonly { second: number; change: number }[]): readonly number[] {
  const by = new Map(changes.map(({ second, change }) => [second, change]));
  let online = 0;
  return Array.from({ length: SECONDS }, (_, index) => {
    online += by.get(START / 1_000 + index) ?? 0;
    return online;
  });
}

test('a lease that is not prolonged ends by itself', () => {
  const { changes, leases } = foldLeases([said('ann', 's', 1_000, 3_000)], []);
  assert.deepEqual(onlineAtEnds(changes).slice(0, 6), [0, 1, 1, 1, 0, 0]);
  assert.deepEqual(leases, [said('ann', 's', 1_000, 3_000)]);
});

test('a heartbeat moves the end; one of two sessions that ends moves nothing', () => {
  const first = foldLeases([said('ann', 'a', 0, 3_000)], []);
  const more = [said('ann', 'a', 2_000, 3_000), said('ann', 'b', 3_000, 5_000)];
  const second = foldLeases([...more, said('ann', 'a', 4_000, 0)], first.leases);
  const sum = [...first.changes, ...second.changes];
  const merged = new Map<number, number>();
  for (const { second: at, change } of sum) merged.set(at, (merged.get(at) ?? 0) + change);
  const changes = Array.from(merged, ([at, change]) => ({ second: at, change }));
  assert.deepEqual(onlineAtEnds(changes).slice(0, 10), [1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
});

test('a record that is older than what its session said last changes nothing', () => {
  const { leases } = foldLeases([said('ann', 'a', 5_000, 0)], []);
  assert.deepEqual(foldLeases([said('ann', 'a', 4_000, 60_000)], leases).changes, []);
});

test('for records in order, it is what a tracker that watches the clock sees', () => {
  const step = fc.record({
    gapMs: fc.integer({ min: 0, max: 3_000 }),
    userId: fc.constantFrom('ann', 'bob', 'cem'),
    sessionId: fc.constantFrom('a', 'b'),
    state: fc.constantFrom('online' as const, 'away' as const, 'offline' as const),
    leaseMs: fc.integer({ min: 0, max: 9_000 }),
    heartbeat: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let at = START;
      const records = steps.map(({ gapMs, heartbeat, ...session }, offset): LogRecord => {
        at += gapMs;
        const definition = heartbeat ? presenceHeartbeat : presenceChanged;
        const draft = definition({
          ...session,
          edgeId: 'e',
          device: 'web',
          since: '2026-01-27T00:00:00Z',
        });
        const time = new Date(at).toISOString();
        const encoded = encodeEvent(draft, { id: 'e', source: '/sori/test', time });
        return { ...encoded, partition: 0, offset, timestamp: at };
      });
      const projected = records.map((record) => projectedRecord(catalog, record));
      const { changes } = foldLeases(
        projected.flatMap((record) => saidIn(record) ?? []),
        [],
      );
      const tracker = new Presence({ graceMs: 0 });
      const left = [...projected];
      const watched = Array.from({ length: SECONDS }, (_, index) => {
        const end = START + index * 1_000 + 999;
        while ((left[0]?.record.timestamp ?? end + 1) <= end) {
          const next = left.shift();
          assert(next?.event !== undefined);
          tracker.expire(next.record.timestamp);
          tracker.apply(next.event, next.record.timestamp, next.record.timestamp);
        }
        tracker.expire(end);
        return tracker.present;
      });
      assert.deepEqual(onlineAtEnds(changes), watched);
    }),
  );
});
