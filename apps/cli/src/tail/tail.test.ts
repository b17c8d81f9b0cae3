import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LogRecord } from '@sori/stream';
import { createMemoryLog, type MemoryLog } from '@sori/stream/memory';
import { type TailOptions, tail } from './tail.ts';

const TOPIC = 'room.events';
const NEVER = new AbortController().signal;

/** Two partitions: a0 to a2 on the first, b0 on the second. */
function logOf(): MemoryLog {
  const log = createMemoryLog({ topics: { [TOPIC]: 2 } });
  add(log, 0, 'a0', 'a1', 'a2');
  add(log, 1, 'b0');
  return log;
}

function add(log: MemoryLog, partition: number, ...values: readonly string[]): void {
  const records = values.map((value) => ({ key: null, value: Buffer.from(value), headers: [] }));
  log.store({ topic: TOPIC, partition }, records);
}

/** What tail shows, and what it notes. */
async function run(log: MemoryLog, over: Partial<TailOptions>, during = () => {}) {
  const shown: string[] = [];
  const notes: string[] = [];
  const done = tail({
    reader: log.reader(),
    topics: [TOPIC],
    from: 'earliest',
    partition: undefined,
    matches: () => true,
    count: undefined,
    follow: false,
    signal: NEVER,
    ...over,
    onRecord: (record) => {
      shown.push(record.value?.toString() ?? '');
      over.onRecord?.(record);
    },
    onNote: (text) => notes.push(text),
  });
  during();
  await done;
  return { shown: shown.toSorted(), notes };
}

describe('tail', () => {
  test('shows what the topics hold and ends at their end', async () => {
    await using log = logOf();
    const { shown } = await run(log, {});
    assert.deepEqual(shown, ['a0', 'a1', 'a2', 'b0']);
  });

  test('what comes meanwhile is not shown by one that ends at the end', async () => {
    await using log = logOf();
    let added = false;
    const { shown } = await run(log, {
      onRecord: () => {
        if (!added) add(log, 1, 'late');
        added = true;
      },
    });
    assert.deepEqual(shown, ['a0', 'a1', 'a2', 'b0']);
  });

  test('an empty topic has no end to wait for', async () => {
    await using log = createMemoryLog({ topics: { [TOPIC]: 2 } });
    assert.deepEqual((await run(log, {})).shown, []);
  });

  test('starts at an offset, and says where there is none', async () => {
    await using log = logOf();
    const { shown, notes } = await run(log, { from: { offset: 1 }, partition: 0 });
    assert.deepEqual([shown, notes], [['a1', 'a2'], []]);
    log.faults.deleteBefore({ topic: TOPIC, partition: 0, offset: 2 });
    const later = await run(log, { from: { offset: 1 }, partition: 0 });
    assert.deepEqual(later.shown, ['a2']);
    assert.deepEqual(later.notes, [`${TOPIC}-0 has no offset 1; reading on at 2`]);
  });

  test('follows from the end until it has seen enough', async () => {
    await using log = logOf();
    const enough = new AbortController();
    const seen: LogRecord[] = [];
    const options = { from: 'latest', follow: true, count: 2 } as const;
    const tailing = run(log, { ...options, onRecord: (record) => seen.push(record) });
    // It has asked for the ends when all that is due now has run.
    await new Promise(setImmediate);
    add(log, 0, 'a3', 'a4', 'a5');
    assert.deepEqual((await tailing).shown, ['a3', 'a4']);
    assert.deepEqual(
      seen.map(({ offset }) => offset),
      [3, 4],
    );
    enough.abort();
  });

  test('counts what matches only', async () => {
    await using log = logOf();
    const matches = (record: LogRecord): boolean => record.value?.toString() !== 'a0';
    const { shown } = await run(log, { matches, count: 2, partition: 0 });
    assert.deepEqual(shown, ['a1', 'a2']);
  });

  test('ends when it is told to', async () => {
    await using log = logOf();
    const controller = new AbortController();
    const { shown } = await run(log, {
      follow: true,
      partition: 1,
      signal: controller.signal,
      onRecord: () => controller.abort(),
    });
    assert.deepEqual(shown, ['b0']);
  });

  test('a topic that is not there is an error', async () => {
    await using log = logOf();
    await assert.rejects(run(log, { topics: ['no.events'] }), { reason: 'unknown-topic' });
  });
});
