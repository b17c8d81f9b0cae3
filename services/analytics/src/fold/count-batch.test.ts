import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  catalog,
  messageEvents,
  messageSent,
  presenceChanged,
  userOnlineStatus,
} from '@sori/chat-events';
import { type EventDraft, encodeEvent } from '@sori/contract';
import { DAY, HOUR, type Lease, MINUTE, SECOND } from '@sori/postgres';
import { type LogRecord, projectedRecord } from '@sori/stream';
import fc from 'fast-check';
import { type Aggregates, noAggregates } from '../testing/aggregates.ts';
import { mixedRecord, seededDice } from '../testing/mixed-records.ts';
import { foldLog } from '../testing/reference.ts';
import { countBatch } from './count-batch.ts';
import { foldLeases, saidIn } from './leases.ts';

/** Where an hour begins. */
const NOW = Date.UTC(2026, 0, 27, 12);

function recordOf(draft: EventDraft, time = NOW, timestamp = NOW): LogRecord {
  const { key, value, headers } = encodeEvent(draft, {
    id: 'e',
    source: '/sori/test',
    time: new Date(time).toISOString(),
  });
  return {
    topic: draft.definition.topic.name,
    partition: 0,
    offset: 0,
    timestamp,
    key,
    value,
    headers,
  };
}

function countOf(records: readonly LogRecord[], now = NOW) {
  const [first] = records;
  assert(first !== undefined);
  const batch = {
    topic: first.topic,
    records: records.map((record) => projectedRecord(catalog, record)),
  };
  return countBatch(catalog, batch, now);
}

const hello = messageSent({
  ...{ roomId: 'r', userId: 'ann', membersVersion: 1 },
  ...{ messageId: 'm', clientMessageId: 'c', text: 'hello' },
});

test('a message is in a second, a minute and an hour; its sender in a minute, an hour and a day', () => {
  const record = recordOf(hello, NOW + 61_500, NOW + 61_600);
  const counts = countOf([record, record], NOW + 62_000);
  const topic = messageEvents.name;
  const type = 'message.chat.sent';
  const start = NOW / 1_000;
  const load = { topic, type, records: 2, bytes: 2 * (record.value?.length ?? 0) };
  assert.deepEqual(counts.events, [
    { width: SECOND, start: start + 61, ...load },
    { width: MINUTE, start: start + 60, ...load },
    { width: HOUR, start, ...load },
  ]);
  assert.deepEqual(
    counts.latencies.map(({ width, records }) => [width, records]),
    [
      [SECOND, 2],
      [MINUTE, 2],
      [HOUR, 2],
    ],
  );
  assert.deepEqual(counts.roomMessages, [
    { width: MINUTE, start: start + 60, roomId: 'r', messages: 2 },
    { width: HOUR, start, roomId: 'r', messages: 2 },
  ]);
  assert.deepEqual(counts.activeUsers, [
    { width: MINUTE, start: start + 60, userId: 'ann' },
    { width: HOUR, start, userId: 'ann' },
    { width: DAY, start: start - 12 * HOUR, userId: 'ann' },
  ]);
  assert.deepEqual([counts.deadLetters, counts.untimely], [[], []]);
});

test('whether a record is late is between its event and itself, to the millisecond', () => {
  const widths = (lateMs: number) =>
    countOf([recordOf(hello, NOW - lateMs)]).events.map(({ width }) => width);
  const reasons = (lateMs: number) =>
    countOf([recordOf(hello, NOW - lateMs)]).untimely.map(({ reason }) => reason);
  assert.deepEqual(widths(HOUR * 1_000), [SECOND, MINUTE, HOUR]);
  assert.deepEqual(reasons(HOUR * 1_000), []);
  assert.deepEqual(widths(HOUR * 1_000 + 1), [MINUTE, HOUR]);
  assert.deepEqual(reasons(HOUR * 1_000 + 1), ['late-for-seconds']);
  assert.deepEqual(widths(2 * DAY * 1_000 + 1), [HOUR]);
  assert.deepEqual(widths(7 * DAY * 1_000 + 1), []);
  assert.deepEqual(reasons(7 * DAY * 1_000 + 1), [
    'late-for-seconds',
    'late-for-minutes',
    'late-for-hours',
  ]);
});

test('an event that is ahead of its record counts when it was written', () => {
  const [window] = countOf([recordOf(hello, NOW + 60_000)]).events;
  assert.equal(window?.start, NOW / 1_000 + 60, 'clocks may differ by a minute');
  const ahead = countOf([recordOf(hello, NOW + 60_001)]);
  assert.equal(ahead.events[0]?.start, NOW / 1_000);
  assert.deepEqual(
    ahead.untimely.map(({ reason, start }) => [reason, start]),
    [['ahead', NOW / 1_000]],
  );
});

test('windows that nobody can read any more are left out', () => {
  const counts = countOf([recordOf(hello)], NOW + 3 * DAY * 1_000);
  assert.deepEqual(
    counts.events.map(({ width }) => width),
    [HOUR],
  );
  const people = countOf([recordOf(hello)], NOW + 16 * DAY * 1_000).activeUsers;
  assert.deepEqual(people, [], 'nobody remembers who was counted already');
});

test('timestamps that no date has do not hold a partition up', () => {
  for (const timestamp of [-1, Number.MAX_SAFE_INTEGER]) {
    const { events } = countOf([{ ...recordOf(hello, NOW, timestamp), headers: [] }]);
    for (const { start } of events) assert(start >= 0 && start * 1_000 < Date.UTC(10_000, 0));
  }
});

test('however a log is cut into batches, the sums are those of the whole log', () => {
  const property = fc.property(
    fc.integer({ min: 1 }),
    fc.integer({ min: 1, max: 250 }),
    fc.integer({ min: 1, max: 40 }),
    (seed, total, largest) => {
      const log = randomLog(seed, total);
      const dice = seededDice(seed + 1);
      const sums = noAggregates();
      const leases = new Map<string, Lease>();
      for (const partition of Object.values(Object.groupBy(log, ({ topic }) => topic))) {
        const left = [...(partition ?? [])];
        while (left.length > 0) add(sums, leases, left.splice(0, 1 + dice(largest)));
      }
      const changes = [...sums.onlineChanges].filter(([, change]) => change !== 0);
      sums.onlineChanges.clear();
      for (const [key, change] of changes) sums.onlineChanges.set(key, change);
      assert.deepEqual(sums, foldLog(log));
    },
  );
  fc.assert(property, { numRuns: 60 });
});

function randomLog(seed: number, total: number): readonly LogRecord[] {
  const dice = seededDice(seed);
  let now = NOW;
  return Array.from({ length: total }, (_, offset) => {
    now += dice(1_500);
    const { id: _id, ...record } = mixedRecord(dice, now, `e${offset}`);
    // Writers' clocks differ a little: records of a partition are not quite in the order of time.
    return { ...record, partition: 0, offset, timestamp: now - dice(40) };
  });
}

/** Applies a batch as the database would. */
function add(sums: Aggregates, leases: Map<string, Lease>, batch: readonly LogRecord[]): void {
  const [first] = batch;
  assert(first !== undefined);
  const records = batch.map((record) => projectedRecord(catalog, record));
  const counts = countBatch(catalog, { topic: first.topic, records }, first.timestamp + 1_000);
  for (const { width, start, topic, type, records: n, bytes } of counts.events) {
    sums.records.plus([width, start, topic, type], n);
    sums.bytes.plus([width, start, topic, type], bytes);
  }
  for (const { width, start, topic, records: n } of counts.latencies) {
    sums.timed.plus([width, start, topic], n);
  }
  for (const { width, start, roomId, messages } of counts.roomMessages) {
    sums.roomMessages.plus([width, start, roomId], messages);
  }
  for (const { width, start, topic, reason, group, records: n } of counts.deadLetters) {
    sums.deadLetters.plus([width, start, topic, reason, group], n);
  }
  for (const { start, topic, reason, records: n } of counts.untimely) {
    sums.untimely.plus([start, topic, reason], n);
  }
  for (const { width, start, userId } of counts.activeUsers) {
    const seen = JSON.stringify(['seen', width, start, userId]);
    if (leases.has(seen)) continue;
    leases.set(seen, { userId: '', sessionId: '', saidAt: 0, until: 0 });
    sums.activeUsers.plus([width, start]);
  }
  const said = records.flatMap((projected) => saidIn(projected) ?? []);
  const folded = foldLeases(said, [...leases.values()]);
  for (const lease of folded.leases) leases.set(`${lease.userId}/${lease.sessionId}`, lease);
  for (const { second, change } of folded.changes) sums.onlineChanges.plus([second], change);
}

test('who comes online is active; who stays so is not, and nor is who only gets something', () => {
  const presence = (state: 'online' | 'away') =>
    recordOf(
      presenceChanged({
        ...{ userId: 'ann', sessionId: 's', edgeId: 'e', device: 'web' },
        ...{ leaseMs: 1_000, state, since: '2026-01-27T12:00:00Z' },
      }),
    );
  assert.equal(presence('online').topic, userOnlineStatus.name);
  assert.equal(countOf([presence('online')]).activeUsers.length, 3);
  assert.equal(countOf([presence('away')]).activeUsers.length, 0);
});
