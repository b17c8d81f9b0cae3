import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transaction } from '../connection/transaction.ts';
import { createTestDatabase } from '../testing/index.ts';
import { addActiveUsers } from './add-active-users.ts';
import { addEventCounts } from './add-event-counts.ts';
import { addLatencies } from './add-latencies.ts';
import { addOnlineChanges } from './add-online-changes.ts';
import { deleteLeases } from './delete-leases.ts';
import { deleteWindows } from './delete-windows.ts';
import { findLeases } from './find-leases.ts';
import { latencyBucket, latencyPercentiles } from './latency-buckets.ts';
import { listActiveCounts } from './list-active-counts.ts';
import { listLatencyPercentiles } from './list-latency-percentiles.ts';
import { listOnlinePeaks } from './list-online-peaks.ts';
import { listTopicLoads } from './list-topic-loads.ts';
import { onlineAtEnd, onlinePeaks } from './online-peaks.ts';
import { putLeases } from './put-leases.ts';
import { readOnline } from './read-online.ts';
import { rollOnline } from './roll-online.ts';
import { sumLatencies } from './sum-latencies.ts';
import { tryPruning } from './try-pruning.ts';
import { DAY, HOUR, MINUTE, SECOND } from './windows.ts';

/** Where an hour begins. */
const START = Date.UTC(2026, 0, 27, 12) / 1_000;

test('counts of many transactions at a time add up, in whatever order each names its rows', async () => {
  await using database = await createTestDatabase();
  const { pool } = database;
  const counts = ['b', 'a', 'd', 'c'].map((type) => ({
    ...{ width: SECOND, start: START, topic: 't', type, records: 1, bytes: 10 },
  }));
  const orders = [counts, counts.toReversed()];
  const adding = Array.from({ length: 40 }, (_, index) =>
    transaction(pool, (connection) => addEventCounts(connection, orders[index % 2] ?? [])),
  );
  await Promise.all(adding);
  const range = { width: SECOND, from: START, to: START + 1 } as const;
  assert.deepEqual(await listTopicLoads(pool, range), [
    { start: START, topic: 't', records: 160, bytes: 1_600 },
  ]);
  assert.deepEqual(await listTopicLoads(pool, { ...range, width: MINUTE }), []);
});

test('a person counts once in a window, whoever says so at the same time', async () => {
  await using database = await createTestDatabase();
  const { pool } = database;
  const people = (...userIds: readonly string[]) =>
    userIds.flatMap((userId) => [
      { width: MINUTE, start: START, userId },
      { width: DAY, start: START - 12 * HOUR, userId },
    ]);
  await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      transaction(pool, (connection) =>
        addActiveUsers(connection, people(`p${index % 7}`, `p${(index * 3) % 7}`, 'everybody')),
      ),
    ),
  );
  const day = { width: DAY, from: START - DAY, to: START + DAY } as const;
  assert.deepEqual(await listActiveCounts(pool, day), [{ start: START - 12 * HOUR, users: 8 }]);
  const minute = { width: MINUTE, from: START, to: START + MINUTE } as const;
  assert.deepEqual(await listActiveCounts(pool, minute), [{ start: START, users: 8 }]);
});

test('percentiles of windows are those that their histograms have', async () => {
  await using database = await createTestDatabase();
  const { pool } = database;
  const latencies = [3, 3, 7, 20, 45, 46, 800, 12_000].map((ms, index) => ({
    ...{ width: MINUTE, start: START + (index % 2) * MINUTE, topic: 't' },
    ...{ bucket: latencyBucket(ms), records: 1 + index * index },
  }));
  await addLatencies(
    pool,
    latencies.filter(({ records }) => records !== 2),
  );
  const windows = await listLatencyPercentiles(pool, {
    ...{ width: MINUTE, from: START, to: START + HOUR },
  });
  assert.equal(windows.length, 2);
  for (const { start, topic, ...percentiles } of windows) {
    const range = { width: MINUTE, from: start, to: start + MINUTE } as const;
    assert.deepEqual(percentiles, latencyPercentiles(await sumLatencies(pool, range)), topic);
  }
});

test('leases are kept to the millisecond, until long after their ends', async () => {
  await using database = await createTestDatabase();
  const { pool } = database;
  const at = START * 1_000;
  const leases = Array.from({ length: 1_000 }, (_, ms) => ({
    ...{ userId: 'ann', sessionId: `s${ms}`, saidAt: at + ms, until: at + 75_001 + ms },
  }));
  await putLeases(pool, leases);
  const bySession = (one: { saidAt: number }, other: { saidAt: number }) =>
    one.saidAt - other.saidAt;
  assert.deepEqual((await findLeases(pool, ['ann', 'bob'])).toSorted(bySession), leases);
  const moved = { userId: 'ann', sessionId: 's0', saidAt: at + 5_000, until: at + 90_000 };
  await putLeases(pool, [moved]);
  const before = START + 75.501;
  assert.equal(await deleteLeases(pool, { before, limit: 300 }), 300);
  assert.equal(await deleteLeases(pool, { before, limit: 300 }), 199);
  const left = await findLeases(pool, ['ann']);
  assert.equal(left.length, 501);
  assert.deepEqual(
    left.find(({ sessionId }) => sessionId === 's0'),
    moved,
  );
});

test('peaks are the same before and after they are rolled up', async () => {
  await using database = await createTestDatabase();
  const { pool } = database;
  const at = (minute: number, second: number, change: number) => ({
    second: START + minute * MINUTE + second,
    change,
  });
  await addOnlineChanges(pool, [
    ...[at(0, 10, 5), at(0, 20, -2), at(1, 0, -1), at(1, 30, 3), at(3, 0, -5), at(61, 5, 2)],
  ]);
  await addOnlineChanges(pool, [at(0, 10, 1), at(63, 0, -3)]);
  const end = START + 2 * HOUR;
  const all = await readOnline(pool, end);
  const expected = onlinePeaks(all, { from: START, to: end });
  assert.deepEqual(
    [0, 1, 2, 3, 60, 61, 62, 63].map((minute) => expected.get(START + minute * MINUTE)),
    [6, 6, 6, 1, 1, 3, 3, undefined],
  );
  const cut = START + 62 * MINUTE;
  await transaction(pool, (connection) => rollOnline(connection, cut));
  await transaction(pool, (connection) => rollOnline(connection, cut - MINUTE));
  const rest = await readOnline(pool, end);
  assert.deepEqual([rest.rolledTo, rest.online, onlineAtEnd(rest)], [cut, 3, 0]);
  const rolled = await listOnlinePeaks(pool, { width: MINUTE, from: START, to: end });
  const again = new Map(rolled.map(({ start, peak }) => [start, peak]));
  for (const [start, peak] of onlinePeaks(rest, { from: cut, to: end })) again.set(start, peak);
  assert.deepEqual(again, expected);
  const hours = await listOnlinePeaks(pool, { width: HOUR, from: START, to: end });
  assert.deepEqual(hours, [
    { start: START, peak: 6 },
    { start: START + HOUR, peak: 3 },
  ]);
  const days = await listOnlinePeaks(pool, { width: DAY, from: START - DAY, to: end });
  assert.deepEqual(days, [{ start: START - 12 * HOUR, peak: 6 }]);

  await addOnlineChanges(pool, [at(10, 0, 4)]);
  assert.equal(onlineAtEnd(await readOnline(pool, end)), 4, 'what came late counts from then on');
});

test('old windows go, so many at a time, and others stay', async () => {
  await using database = await createTestDatabase();
  const { pool } = database;
  const load = { topic: 't', type: 'x', records: 1, bytes: 0 };
  await addEventCounts(
    pool,
    Array.from({ length: 10 }, (_, index) => ({ width: SECOND, start: START + index, ...load })),
  );
  await addEventCounts(pool, [{ width: HOUR, start: START, ...load }]);
  const old = { width: SECOND, before: START + 7, limit: 5 } as const;
  assert.equal(await deleteWindows(pool, 'analytics_events', old), 5);
  assert.equal(await deleteWindows(pool, 'analytics_events', old), 2);
  assert.equal(await deleteWindows(pool, 'analytics_events', old), 0);
  const { rows } = await pool.query('SELECT width FROM analytics_events ORDER BY width');
  assert.deepEqual(rows, [{ width: 1 }, { width: 1 }, { width: 1 }, { width: HOUR }]);
});

test('of two that want to prune, one does', async () => {
  await using database = await createTestDatabase();
  const { pool } = database;
  await transaction(pool, async (one) => {
    assert.equal(await tryPruning(one), true);
    await transaction(pool, async (other) => assert.equal(await tryPruning(other), false));
  });
  await transaction(pool, async (next) => assert.equal(await tryPruning(next), true));
});
