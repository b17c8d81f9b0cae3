import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKafka } from '@sori/kafka';
import { createTestTopics, testCluster } from '@sori/kafka/testing';
import { silentLogger } from '@sori/postgres/testing';
import { StretchReader } from './stretch-reader.ts';

const RECORDS = 3_000;
const BATCHES = 10;

test('on real brokers: exactly a stretch, and an end where the log has lost it', async () => {
  const options = testCluster();
  await using topics = createTestTopics(options);
  await using kafka = createKafka(options);
  const topic = await topics.create(1);
  const target = { topic, partition: 0 };
  const writer = await kafka.writer().openPartition(target, { compression: 'none' });
  for (let batch = 0; batch < BATCHES; batch++) {
    const record = { key: null, value: Buffer.alloc(1_000), headers: [] };
    await writer.append(Array.from({ length: RECORDS / BATCHES }, () => record));
  }
  await using reader = new StretchReader(kafka.reader(), silentLogger);
  const read = async (from: number, to: number): Promise<readonly number[]> => {
    const offsets: number[] = [];
    let position = from;
    for await (const part of reader.read({ ...target, from, to }, AbortSignal.timeout(60_000))) {
      assert.equal(part.from, position);
      position = part.to;
      offsets.push(...part.records.map(({ offset }) => offset));
    }
    if (offsets.length > 0) assert.equal(position, to);
    return offsets;
  };
  const range = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => from + index);
  assert.deepEqual(await read(0, RECORDS), range(0, RECORDS));
  assert.deepEqual(await read(151, 2_777), range(151, 2_777), 'the same partition once more');
  await topics.admin.deleteRecords({
    topics: [{ name: topic, partitions: [{ partition: 0, offset: 2_000n }] }],
  });
  assert.deepEqual(await read(0, RECORDS), []);
  assert.deepEqual(await read(2_000, RECORDS), range(2_000, RECORDS));
});
