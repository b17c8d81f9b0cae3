import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { silentLogger } from '@sori/postgres/testing';
import { createMemoryLog, type MemoryLog } from '@sori/stream/memory';
import { type Stretch, type StretchPart, StretchReader } from './stretch-reader.ts';

const TOPIC = 'some.events';
const BATCH_RECORDS = 5_000;
const NEVER = new AbortController().signal;

function logOf(records: number): MemoryLog {
  const log = createMemoryLog({ topics: { [TOPIC]: 2 } });
  for (const partition of [0, 1]) add(log, partition, records);
  return log;
}

function add(log: MemoryLog, partition: number, records: number): void {
  const record = { key: null, value: Buffer.from('value'), headers: [] };
  for (let left = records; left > 0; left -= BATCH_RECORDS) {
    const batch = Array.from({ length: Math.min(left, BATCH_RECORDS) }, () => record);
    log.store({ topic: TOPIC, partition }, batch);
  }
}

async function partsOf(
  reader: StretchReader,
  stretch: Omit<Stretch, 'topic'>,
): Promise<readonly StretchPart[]> {
  return await Array.fromAsync(reader.read({ topic: TOPIC, ...stretch }, NEVER));
}

function assertWhole(parts: readonly StretchPart[], from: number, to: number): void {
  const offsets = parts.flatMap(({ records }) => records.map(({ offset }) => offset));
  assert.deepEqual(
    offsets,
    Array.from({ length: to - from }, (_, index) => from + index),
  );
  let position = from;
  for (const part of parts) {
    assert.equal(part.from, position);
    position = part.to;
  }
  assert.equal(position, to);
}

describe('stretch reader', () => {
  test('reads from one offset up to another, of several partitions at a time', async () => {
    await using log = logOf(12_000);
    await using reader = new StretchReader(log.reader(), silentLogger);
    const [first, second] = await Promise.all([
      partsOf(reader, { partition: 0, from: 3, to: 11_999 }),
      partsOf(reader, { partition: 1, from: 700, to: 701 }),
    ]);
    assertWhole(first, 3, 11_999);
    assertWhole(second, 700, 701);
    assert.ok(first.length > 1);
    assertWhole(await partsOf(reader, { partition: 0, from: 0, to: 5 }), 0, 5);
    assert.deepEqual(await partsOf(reader, { partition: 0, from: 5, to: 5 }), []);
  });

  test('does not read far ahead of whoever takes the parts', async () => {
    await using log = logOf(50_000);
    await using reader = new StretchReader(log.reader(), silentLogger);
    for await (const { records } of reader.read(
      { topic: TOPIC, partition: 0, from: 0, to: 50_000 },
      NEVER,
    )) {
      assert.ok(records.length < 6_000, `${records.length} waited`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  test('waits for records that are still to come', async () => {
    await using log = logOf(10);
    await using reader = new StretchReader(log.reader(), silentLogger);
    const reading = partsOf(reader, { partition: 0, from: 0, to: 20 });
    await new Promise((resolve) => setImmediate(resolve));
    add(log, 0, 15);
    assertWhole(await reading, 0, 20);
  });

  test('ends before a part that the log does not have any more', async () => {
    await using log = logOf(50_000);
    await using reader = new StretchReader(log.reader(), silentLogger);
    const partition = 0;
    let end = 0;
    const stretch = { topic: TOPIC, partition, from: 0, to: 50_000 };
    for await (const { to } of reader.read(stretch, NEVER)) {
      if (end === 0) log.faults.deleteBefore({ topic: TOPIC, partition, offset: 49_000 });
      end = to;
    }
    assert.ok(end > 0 && end < 49_000, 'what is behind the gap is not taken for what follows');
    assert.deepEqual(await partsOf(reader, { partition, from: 0, to: 50_000 }), []);
    assertWhole(await partsOf(reader, { partition, from: 49_000, to: 50_000 }), 49_000, 50_000);
  });

  test("throws the signal's reason when it is told to end", async () => {
    await using log = logOf(10);
    await using reader = new StretchReader(log.reader(), silentLogger);
    const ending = new AbortController();
    const read = async () => {
      const stretch = { topic: TOPIC, partition: 0, from: 0, to: 20 };
      for await (const _part of reader.read(stretch, ending.signal))
        ending.abort(new Error('over'));
    };
    await assert.rejects(read(), /over/);
  });
});
