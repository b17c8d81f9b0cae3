import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Compression } from '@sori/contract';
import type { LogWriter, RecordToAppend } from '@sori/stream';
import { createLogReader } from '../reader/log-reader.ts';
import { createRecordingSink } from '../recording-sink.ts';
import { createTestTopics, type TestTopics, testCluster } from '../test-topics.ts';
import { createLogWriter } from './log-writer.ts';

const CODECS: readonly Compression[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const PLAIN = { compression: 'none' } as const;

function record(value: string | Buffer, key: string | null = null): RecordToAppend {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return { key: key === null ? null : Buffer.from(key), value: bytes, headers: [] };
}

describe('appending to Kafka', () => {
  const cluster = testCluster();
  let topics: TestTopics;
  let writer: LogWriter;

  before(() => {
    topics = createTestTopics(cluster);
    writer = createLogWriter(cluster);
  });
  after(async () => {
    await writer[Symbol.asyncDispose]();
    await topics[Symbol.asyncDispose]();
  });

  /** Every record of a topic's partition, from the start to `count` of them. */
  async function readAll(topic: string, partition: number, count: number) {
    await using reader = createLogReader(cluster);
    const sink = createRecordingSink();
    const subscription = reader.open({ sink });
    subscription.assign({ topic, partition, offset: 0 });
    await sink.until(() => sink.allRecords().length >= count);
    return sink.allRecords();
  }

  test('goes to the partition asked for, whatever the key, and gives base offsets', async () => {
    const topic = await topics.create(3);
    assert.equal(await writer.partitionCount(topic), 3);
    const lane = await writer.openPartition({ topic, partition: 2 }, PLAIN);
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const first = await lane.append(keys.map((key) => record('x', key)));
    const second = await lane.append([record('y')]);
    assert.deepEqual([first.baseOffset, second.baseOffset], [0, 5]);
    await using reader = createLogReader(cluster);
    const ends = await reader.listOffsets([topic], 'latest');
    assert.deepEqual(
      ends.map(({ offset }) => offset),
      [0, 0, 6],
    );
  });

  for (const compression of CODECS) {
    test(`${compression}: keys, values and headers come back as they were`, async () => {
      const topic = await topics.create(1);
      const lane = await writer.openPartition({ topic, partition: 0 }, { compression });
      const headers = ['one', 'two'].map((value) => ({ key: 'hop', value: Buffer.from(value) }));
      const sent: RecordToAppend[] = [
        { key: Buffer.from('key'), value: Buffer.alloc(20_000, 'value '), headers },
        { key: null, value: Buffer.alloc(0), headers: [] },
        { key: Buffer.from('tombstone'), value: null, headers: [] },
      ];
      await lane.append(sent);
      const got = await readAll(topic, 0, sent.length);
      assert.deepEqual(
        got.map(({ key, value, headers }) => ({ key, value, headers })),
        sent,
      );
      assert.ok(got.every(({ timestamp }) => Math.abs(Date.now() - timestamp) < 60_000));
    });
  }

  test('unknown topics and partitions are refused', async () => {
    const topic = await topics.create(1);
    const unknown = { reason: 'unknown-topic', outcome: 'not-stored' };
    await assert.rejects(writer.partitionCount(`${topic}-not`), unknown);
    await assert.rejects(
      writer.openPartition({ topic: `${topic}-not`, partition: 0 }, PLAIN),
      unknown,
    );
    for (const partition of [1, -1, 0.5]) {
      await assert.rejects(writer.openPartition({ topic, partition }, PLAIN), unknown);
    }
  });

  test('one append at a time, and none of nothing', async () => {
    const topic = await topics.create(1);
    const lane = await writer.openPartition({ topic, partition: 0 }, PLAIN);
    await assert.rejects(lane.append([]), { reason: 'rejected' });
    const first = lane.append([record('x')]);
    await assert.rejects(lane.append([record('y')]), { reason: 'rejected', outcome: 'not-stored' });
    await first;
  });

  test('after a failed append the lane is spent; another can be opened', async () => {
    const topic = await topics.create(1, { configs: { 'max.message.bytes': '10000' } });
    const target = { topic, partition: 0 };
    const lane = await writer.openPartition(target, PLAIN);
    await assert.rejects(lane.append([record(Buffer.alloc(20_000))]), {
      reason: 'record-too-large',
      outcome: 'not-stored',
      retryable: false,
    });
    await assert.rejects(lane.append([record('x')]), { reason: 'fenced', outcome: 'not-stored' });
    await lane[Symbol.asyncDispose]();
    await using another = await writer.openPartition(target, PLAIN);
    assert.equal((await another.append([record('x')])).baseOffset, 0);
  });

  test('a lane that fails takes no acknowledged record of another lane with it', async () => {
    const partitions = 6;
    const rounds = 15;
    const topic = await topics.create(partitions, { configs: { 'max.message.bytes': '10000' } });
    const open = (partition: number) => writer.openPartition({ topic, partition }, PLAIN);

    const acknowledged = await Promise.all(
      Array.from({ length: partitions }, async (_, partition) => {
        const values: string[] = [];
        let lane = await open(partition);
        for (let round = 0; round < rounds; round++) {
          const value = `${partition}/${round}`;
          assert.equal((await lane.append([record(value)])).baseOffset, values.length);
          values.push(value);
          if (partition % 2 === 0) continue;
          await assert.rejects(lane.append([record(Buffer.alloc(20_000))]));
          await lane[Symbol.asyncDispose]();
          lane = await open(partition);
        }
        return values;
      }),
    );
    for (const [partition, values] of acknowledged.entries()) {
      const stored = await readAll(topic, partition, values.length);
      assert.deepEqual(
        stored.map(({ value }) => value?.toString()),
        values,
      );
    }
  });

  test('goes on after its topic was deleted and created again', async () => {
    const topic = await topics.create(1);
    const lane = await writer.openPartition({ topic, partition: 0 }, PLAIN);
    await lane.append([record('x'), record('y')]);
    await topics.delete(topic);
    await topics.createNamed(topic, 1);
    assert.equal((await lane.append([record('z')])).baseOffset, 0);
  });

  test('an append to a topic that is gone is refused, not tried for ever', async () => {
    const topic = await topics.create(1);
    await using lane = await writer.openPartition({ topic, partition: 0 }, PLAIN);
    await lane.append([record('x')]);
    await topics.delete(topic);
    await assert.rejects(lane.append([record('y')]), { reason: 'unknown-topic' });
  });

  test('disposing settles an append in flight, refuses further ones, and may be repeated', async () => {
    const topic = await topics.create(1);
    const lane = await writer.openPartition({ topic, partition: 0 }, PLAIN);
    const inFlight = lane.append([record(Buffer.alloc(500_000))]).then(
      () => 'stored',
      ({ outcome }) => outcome,
    );
    await lane[Symbol.asyncDispose]();
    await lane[Symbol.asyncDispose]();
    assert.ok(['stored', 'unknown', 'not-stored'].includes(await inFlight));
    await assert.rejects(lane.append([record('x')]), { reason: 'fenced' });
  });

  test('disposing ends an open for which no broker answers', async () => {
    const unreachable = createLogWriter({ ...cluster, brokers: ['127.0.0.1:1'] });
    const opening = unreachable.openPartition({ topic: 'any', partition: 0 }, PLAIN);
    const refused = assert.rejects(opening, { reason: 'unavailable' });
    await unreachable[Symbol.asyncDispose]();
    await refused;
  });
});
