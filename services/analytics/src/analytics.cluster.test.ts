import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyticsGroup, catalog, messageEvents } from '@sori/chat-events';
import {
  addActiveUsers,
  addEventCounts,
  addOnlineChanges,
  addRoomMessages,
  DAY,
  HOUR,
  listOnlinePeaks,
  MINUTE,
  type Pool,
  putLeases,
  SECOND,
  windowStart,
} from '@sori/postgres';
import { createTestDatabase, silentLogger, until } from '@sori/postgres/testing';
import type { LogRecord } from '@sori/stream';
import { createMemoryLog, type MemoryLog } from '@sori/stream/memory';
import { createHealth, createMetrics } from '@sori/telemetry';
import { startAnalytics } from './analytics.ts';
import { pruneAnalytics } from './pruning.ts';
import { readAggregates } from './testing/aggregates.ts';
import { type MixedRecord, mixedRecord, seededDice } from './testing/mixed-records.ts';
import { foldLog } from './testing/reference.ts';

const topics = Object.fromEntries(catalog.topics.map(({ name, partitions }) => [name, partitions]));

async function start(log: MemoryLog, pool: Pool, memberName = 'analytics-1') {
  const [health, metrics] = [createHealth(), createMetrics({ service: 'analytics' })];
  const service = await startAnalytics({
    memberName,
    catalog,
    reader: log.reader(),
    coordinator: log.coordinator(),
    pool,
    logger: silentLogger,
    metrics,
    health,
  });
  return { health, metrics, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

function store(log: MemoryLog, record: MixedRecord): void {
  const partition = (record.key?.at(-1) ?? 0) % (topics[record.topic] ?? 1);
  log.store({ topic: record.topic, partition }, [record]);
}

function recordsOf(log: MemoryLog): readonly LogRecord[] {
  return catalog.topics.flatMap(({ name }) => log.records(name));
}

async function counted(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ readonly n: number }>(
    'SELECT coalesce(sum(position), 0)::int AS n FROM projection_positions',
  );
  return rows[0]?.n ?? 0;
}

test('two members count every record of every topic once, and say how they are', async () => {
  await using database = await createTestDatabase();
  const { pool } = database;
  await using log = createMemoryLog({ topics });
  const dice = seededDice(7);
  for (let n = 0; n < 600; n++) store(log, mixedRecord(dice, Date.now(), `e${n}`));
  await using one = await start(log, pool);
  await using _other = await start(log, pool, 'analytics-2');
  await until('it is ready', async () => (await one.health.report('ready')).ok);
  for (let n = 0; n < 400; n++) store(log, mixedRecord(dice, Date.now(), `f${n}`));
  await until('all is counted', async () => (await counted(pool)) === 1_000);
  assert.deepEqual(await readAggregates(pool), foldLog(recordsOf(log)));
  assert.deepEqual((await one.health.report('live')).problems, []);
  await until('it has told of its batches', async () => {
    const text = await one.metrics.text();
    return (
      /^sori_analytics_batch_records_sum\S* [1-9]/m.test(text) &&
      /^sori_analytics_untimely_total\S*reason="ahead"\S* [1-9]/m.test(text) &&
      text.includes(`sori_projection_lag_records{group="${analyticsGroup.id}"`)
    );
  });
});

test('no record holds a partition up, whatever it holds', async () => {
  await using database = await createTestDatabase();
  const { pool } = database;
  await using log = createMemoryLog({ topics });
  const bytes = Buffer.from([0, 0xff, 0xfe, 0x80]);
  const names = ['ce_type', 'ce_time', 'ce_id', 'kafka_dlt-exception-fqcn', 'sori-attempts'];
  const headers = [
    [],
    names.map((key) => ({ key, value: bytes })),
    names.map((key) => ({ key, value: Buffer.alloc(0) })),
    [{ key: 'ce_time', value: Buffer.from('+275760-09-13T00:00:00Z') }],
    [{ key: 'ce_time', value: Buffer.from('-271821-04-20T00:00:00Z') }],
  ];
  let stored = 0;
  for (const { name } of catalog.topics) {
    for (const value of [null, bytes, Buffer.from('null'), Buffer.from('[[[')]) {
      for (const some of headers) {
        const record = { id: 'e', topic: name, key: bytes, value, headers: some };
        store(log, record);
        stored += 1;
      }
    }
  }
  await using _member = await start(log, pool);
  await until('all is counted', async () => (await counted(pool)) === stored);
  const { records } = await readAggregates(pool);
  const hours = [...records].filter(([key]) => key.startsWith('[3600,'));
  const inHours = hours.reduce((sum, [, n]) => sum + n, 0);
  const ancient =
    4 * catalog.topics.filter(({ deadLettersOf }) => deadLettersOf === undefined).length;
  assert.equal(inHours, stored - ancient, 'but for those that are too late for hours');
});

test('what nobody can read any more is deleted; what is kept, stays', async () => {
  await using database = await createTestDatabase();
  const { pool } = database;
  const now = Math.floor(Date.now() / 1_000);
  const ages = [
    { width: SECOND, age: HOUR - MINUTE },
    { width: SECOND, age: HOUR + 11 * MINUTE },
    { width: MINUTE, age: 2 * DAY - HOUR },
    { width: MINUTE, age: 2 * DAY + 12 * MINUTE },
    { width: HOUR, age: 89 * DAY },
    { width: HOUR, age: 91 * DAY },
  ] as const;
  const windows = ages.map(({ width, age }) => ({ width, start: windowStart(now - age, width) }));
  const load = { topic: messageEvents.name, type: 'x', records: 1, bytes: 0 };
  await addEventCounts(
    pool,
    windows.map((window) => ({ ...window, ...load })),
  );
  await addRoomMessages(
    pool,
    windows.slice(2).map((window) => ({ ...window, roomId: 'r', messages: 1 })),
  );
  const people = [
    ...windows.slice(2, 4),
    { width: HOUR, start: windowStart(now - 14 * DAY, HOUR) },
    { width: HOUR, start: windowStart(now - 16 * DAY, HOUR) },
    { width: DAY, start: windowStart(now - 17 * DAY, DAY) },
  ];
  await addActiveUsers(
    pool,
    people.map((window) => ({ ...window, userId: 'ann' })),
  );
  const lease = (sessionId: string, age: number) => ({
    ...{ userId: 'ann', sessionId, saidAt: (now - age) * 1_000, until: (now - age) * 1_000 },
  });
  await putLeases(pool, [lease('old', HOUR + 5), lease('new', HOUR - 60)]);
  await addOnlineChanges(pool, [
    { second: now - 2 * HOUR, change: 3 },
    { second: now - 100 * MINUTE, change: -2 },
    { second: now - 5, change: -1 },
  ]);

  const pruned = await pruneAnalytics(pool, now * 1_000);
  assert.deepEqual(
    [...pruned],
    [
      ['analytics_events', 2],
      ['analytics_room_messages', 2],
      ['analytics_active_counts', 1],
      ['analytics_active_users', 3],
      ['analytics_leases', 1],
    ],
  );
  const { records, activeUsers, onlineChanges } = await readAggregates(pool);
  assert.deepEqual(
    [...records.keys()].map((key) => JSON.parse(key)[0]).toSorted((a, b) => a - b),
    [SECOND, MINUTE, HOUR, HOUR],
  );
  assert.equal(activeUsers.size, 4, 'counts of hours and days stay');
  assert.equal(onlineChanges.size, 1);
  const range = { width: HOUR, from: now - DAY, to: now + DAY } as const;
  const peaks = await listOnlinePeaks(pool, range);
  assert.equal(Math.max(...peaks.map(({ peak }) => peak)), 3);
  assert.deepEqual([...(await pruneAnalytics(pool, now * 1_000))], [], 'there is nothing left');
});
