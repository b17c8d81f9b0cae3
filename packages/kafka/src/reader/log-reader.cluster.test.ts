import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Producer } from '@platformatic/kafka';
import type { LogReader, LogWriter, TopicPartition } from '@sori/stream';
import { clientOptions } from '../connection.ts';
import { createRecordingSink, type RecordingSink } from '../recording-sink.ts';
import { createTestTopics, type TestTopics, testCluster } from '../test-topics.ts';
import { createLogWriter } from '../writer/log-writer.ts';
import { PARTITION_MAX_BYTES } from './fetch-plan.ts';
import { createLogReader } from './log-reader.ts';

describe('reading from Kafka', () => {
  const cluster = testCluster();
  let topics: TestTopics;
  let writer: LogWriter;
  let reader: LogReader;

  before(() => {
    topics = createTestTopics(cluster);
    writer = createLogWriter(cluster);
    reader = createLogReader(cluster);
  });
  after(async () => {
    await reader[Symbol.asyncDispose]();
    await writer[Symbol.asyncDispose]();
    await topics[Symbol.asyncDispose]();
  });

  /** Appends one batch of values. */
  async function append(target: TopicPartition, ...values: (string | Buffer)[]): Promise<void> {
    await using lane = await writer.openPartition(target, { compression: 'none' });
    await lane.append(
      values.map((value) => ({ key: null, value: Buffer.from(value), headers: [] })),
    );
  }

  const values = (sink: RecordingSink, of?: TopicPartition) =>
    sink.allRecords(of).map(({ value }) => value?.toString());

  const count = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => String(from + i));

  test('starts inside a batch, and delivers every record once, with offsets', async () => {
    const target = { topic: await topics.create(1), partition: 0 };
    await append(target, ...count(0, 10));
    const sink = createRecordingSink();
    await using subscription = reader.open({ sink });
    subscription.assign({ ...target, offset: 4 });
    await sink.until(() => sink.allRecords().length >= 6);
    await append(target, ...count(10, 13));
    await sink.until(() => sink.allRecords().length >= 9);
    assert.deepEqual(values(sink), count(4, 13));
    assert.deepEqual(
      sink.allRecords().map(({ offset }) => offset),
      count(4, 13).map(Number),
    );
    const last = sink.batches.at(-1);
    assert.deepEqual([last?.nextOffset, last?.endOffset], [13, 13]);
  });

  test('a batch larger than a partition may bring, or a whole fetch, comes all the same', async () => {
    const topic = await topics.create(2, { configs: { 'max.message.bytes': '3000000' } });
    const small = Buffer.alloc(PARTITION_MAX_BYTES / 4, 's');
    for (let i = 0; i < 8; i++) await append({ topic, partition: 0 }, small, small);
    const large = [PARTITION_MAX_BYTES * 2, 2_000_000].map((bytes) => Buffer.alloc(bytes, 'l'));
    for (const value of large) await append({ topic, partition: 1 }, value);
    const sink = createRecordingSink();
    await using subscription = reader.open({ sink });
    for (const partition of [0, 1]) subscription.assign({ topic, partition, offset: 0 });
    await sink.until(() => sink.allRecords().length >= 18);
    const sizes = sink.allRecords({ topic, partition: 1 }).map(({ value }) => value?.length);
    assert.deepEqual(sizes, [PARTITION_MAX_BYTES * 2, 2_000_000]);
  });

  test('a paused partition is not delivered, loses nothing, and does not hold up another', async () => {
    const topic = await topics.create(2);
    const [paused, other] = [0, 1].map((partition) => ({ topic, partition })) as [
      TopicPartition,
      TopicPartition,
    ];
    await append(paused, ...count(0, 5));
    const sink = createRecordingSink();
    await using subscription = reader.open({ sink });
    subscription.assign({ ...paused, offset: 0 });
    subscription.assign({ ...other, offset: 0 });
    subscription.pause(paused);
    await append(other, 'first');
    await sink.until(() => values(sink, other).length >= 1);
    subscription.resume(paused);
    await sink.until(() => values(sink, paused).length >= 5);
    subscription.pause(paused);
    // A fetch of it may be in flight, and would bring this: it is held.
    await append(paused, ...count(5, 10));
    await append(other, 'second');
    await sink.until(() => values(sink, other).length >= 2);
    assert.deepEqual(values(sink, paused), count(0, 5));
    subscription.resume(paused);
    await sink.until(() => values(sink, paused).length >= 10);
    assert.deepEqual(values(sink, paused), count(0, 10));
  });

  test('an unassigned partition is silent at once; a new assignment starts where it says', async () => {
    const topic = await topics.create(1);
    const target = { topic, partition: 0 };
    await append(target, ...count(0, 20));
    let taken = 0;
    const sink = createRecordingSink();
    await using subscription = reader.open({
      sink: {
        ...sink,
        records: (batch) => {
          taken += batch.records.length;
          sink.records(batch);
        },
      },
    });
    subscription.assign({ ...target, offset: 0 });
    subscription.unassign(target);
    subscription.assign({ ...target, offset: 18 });
    subscription.assign({ ...target, offset: 15 });
    await sink.until(() => taken >= 5);
    assert.deepEqual(values(sink), count(15, 20));
    subscription.unassign(target);
    await append(target, 'late');
    const probe = createRecordingSink();
    await using second = reader.open({ sink: probe });
    second.assign({ ...target, offset: 20 });
    await probe.until(() => probe.allRecords().length >= 1);
    assert.deepEqual(values(sink), count(15, 20));
  });

  test('a subscription delivers nothing once disposing it began', async () => {
    const target = { topic: await topics.create(1), partition: 0 };
    await append(target, ...count(0, 5));
    const sink = createRecordingSink();
    const subscription = reader.open({ sink });
    subscription.assign({ ...target, offset: 0 });
    await subscription[Symbol.asyncDispose]();
    subscription.assign({ ...target, offset: 0 });
    const probe = createRecordingSink();
    await using second = reader.open({ sink: probe });
    second.assign({ ...target, offset: 0 });
    await probe.until(() => probe.allRecords().length >= 5);
    assert.deepEqual(sink.batches, []);
  });

  test('a position that retention removed goes on at the earliest offset', async () => {
    const target = { topic: await topics.create(1), partition: 0 };
    await append(target, ...count(0, 10));
    await topics.admin.deleteRecords({
      topics: [{ name: target.topic, partitions: [{ partition: 0, offset: 6n }] }],
    });
    const sink = createRecordingSink();
    await using subscription = reader.open({ sink });
    subscription.assign({ ...target, offset: 2 });
    await sink.until(() => sink.allRecords().length >= 4);
    assert.deepEqual(sink.outOfRanges, [{ partition: target, position: 2, resumeAt: 6 }]);
    assert.deepEqual(values(sink), count(6, 10));
  });

  test('a position beyond the end goes on at the end', async () => {
    const target = { topic: await topics.create(1), partition: 0 };
    await append(target, ...count(0, 3));
    const sink = createRecordingSink();
    await using subscription = reader.open({ sink });
    subscription.assign({ ...target, offset: 1_000 });
    await sink.until(() => sink.outOfRanges.length >= 1);
    await append(target, 'next');
    await sink.until(() => sink.allRecords().length >= 1);
    assert.deepEqual(sink.outOfRanges, [{ partition: target, position: 1_000, resumeAt: 3 }]);
    assert.deepEqual(values(sink), ['next']);
  });

  test('a topic created anew is read from its start, and the jump is told', async () => {
    const target = { topic: await topics.create(1), partition: 0 };
    await append(target, ...count(0, 5));
    const sink = createRecordingSink();
    await using subscription = reader.open({ sink });
    subscription.assign({ ...target, offset: 0 });
    await sink.until(() => sink.allRecords().length >= 5);
    await topics.delete(target.topic);
    await topics.createNamed(target.topic, 1);
    await append(target, 'new');
    await sink.until(() => sink.allRecords().length >= 6);
    assert.deepEqual(sink.outOfRanges, [{ partition: target, position: 5, resumeAt: 0 }]);
    assert.deepEqual(values(sink), [...count(0, 5), 'new']);
  });

  test('a topic that is not there yet fails, said once, and is read when it is there', async () => {
    const existing = { topic: await topics.create(1), partition: 0 };
    const missing = { topic: `${existing.topic}-later`, partition: 0 };
    await append(existing, 'here');
    const sink = createRecordingSink();
    await using subscription = reader.open({ sink });
    subscription.assign({ ...missing, offset: 0 });
    subscription.assign({ ...existing, offset: 0 });
    await sink.until(() => sink.allRecords().length >= 1 && sink.failures.length >= 1);
    await topics.createNamed(missing.topic, 1);
    await append(missing, 'there');
    await sink.until(() => sink.allRecords().length >= 2);
    assert.deepEqual(values(sink), ['here', 'there']);
    assert.deepEqual(
      sink.failures.map(({ partitions }) => partitions),
      [[missing]],
    );
    assert.deepEqual(
      sink.recoveries.map(({ partitions }) => partitions),
      [[missing]],
    );
  });

  test('records of an aborted transaction are not delivered, nor its control records', async () => {
    const target = { topic: await topics.create(1), partition: 0 };
    const producer = new Producer({
      ...clientOptions(cluster),
      idempotent: true,
      transactionalId: target.topic,
      retries: 10,
    });
    for (const outcome of ['abort', 'commit'] as const) {
      const transaction = await producer.beginTransaction({});
      const message = { ...target, value: Buffer.from(outcome) };
      await transaction.send({ messages: [message], acks: -1 });
      await transaction[outcome]();
    }
    await producer.close();
    await append(target, 'after');
    const sink = createRecordingSink();
    await using subscription = reader.open({ sink });
    subscription.assign({ ...target, offset: 0 });
    await sink.until(() => values(sink).includes('after'));
    assert.deepEqual(values(sink), ['commit', 'after']);
    assert.equal(sink.batches.at(-1)?.nextOffset, 5);
  });

  test('lists the earliest and latest offsets, and those at a time', async () => {
    const topic = await topics.create(2);
    const offsets = async (at: Parameters<LogReader['listOffsets']>[1]) =>
      (await reader.listOffsets([topic], at)).map(({ offset }) => offset);
    assert.deepEqual(await offsets('latest'), [0, 0]);
    await append({ topic, partition: 1 }, ...count(0, 3));
    const sink = createRecordingSink();
    await using subscription = reader.open({ sink });
    subscription.assign({ topic, partition: 1, offset: 0 });
    await sink.until(() => sink.allRecords().length >= 3);
    const written = sink.allRecords()[0]?.timestamp ?? 0;
    assert.deepEqual(await offsets('earliest'), [0, 0]);
    assert.deepEqual(await offsets('latest'), [0, 3]);
    assert.deepEqual(await offsets({ timestamp: written }), [0, 0]);
    assert.deepEqual(await offsets({ timestamp: Date.now() + 60_000 }), [0, 3]);
    await assert.rejects(reader.listOffsets([`${topic}-not`], 'latest'), {
      reason: 'unknown-topic',
    });
    assert.equal(await reader.partitionCount(topic), 2);
  });

  test('joins no group', async () => {
    const groups = await topics.admin.listGroups({});
    const ours = Array.from(groups.keys()).filter((group) => group.startsWith(cluster.clientId));
    assert.deepEqual(ours, []);
  });
});
