import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogError } from '../errors.ts';
import type { RecordToAppend } from '../ports/record.ts';
import type { OpenConformanceLog } from './conformance-log.ts';
import { RecordingSink } from './recording-sink.ts';
import { appendBatches, record, records } from './records.ts';

/** More than any topic of the suite takes in one batch, in bytes. */
const TOO_LARGE_BYTES = 2 * 1024 * 1024;

export function writerTests(open: OpenConformanceLog): void {
  test('says how many partitions a topic has, and that a topic is unknown', async () => {
    await using log = await open();
    const writer = log.writer();
    const topic = await log.createTopic(3);
    assert.equal(await writer.partitionCount(topic), 3);
    await assert.rejects(writer.partitionCount(`${topic}-of-nobody`), isLogError('unknown-topic'));
  });

  test('appends batches in order and answers with the offset of their first record', async () => {
    await using log = await open();
    const target = { topic: await log.createTopic(1), partition: 0 };
    const batches = [records(3, 'a'), records(1, 'b'), records(2, 'c')];
    assert.deepEqual(await appendBatches(log.writer(), target, ...batches), [0, 3, 4]);

    const sink = new RecordingSink();
    log
      .reader()
      .open({ sink })
      .assign({ ...target, offset: 0 });
    await sink.untilRecords(target, 6);
    assert.deepEqual(
      sink.recordsOf(target).map(({ offset, value }) => [offset, value?.toString()]),
      ['a0', 'a1', 'a2', 'b0', 'c0', 'c1'].map((value, offset) => [offset, value]),
    );
  });

  test('keeps keys, values and headers byte for byte', async () => {
    await using log = await open();
    const target = { topic: await log.createTopic(1), partition: 0 };
    const notText = Buffer.from([0x00, 0xff, 0xc3, 0x28, 0x80]);
    const appended: readonly RecordToAppend[] = [
      { key: null, value: Buffer.from('no key'), headers: [] },
      { key: Buffer.from('no value'), value: null, headers: [] },
      { key: Buffer.alloc(0), value: Buffer.alloc(0), headers: [] },
      { key: notText, value: notText, headers: [{ key: 'bytes', value: notText }] },
      {
        key: Buffer.from('방 123'),
        value: Buffer.from('안녕'),
        headers: [
          { key: 'again', value: Buffer.from('1') },
          { key: 'between', value: Buffer.alloc(0) },
          { key: 'again', value: Buffer.from('2') },
        ],
      },
    ];
    const before = Date.now();
    await appendBatches(log.writer(), target, appended);
    const after = Date.now();

    const sink = new RecordingSink();
    log
      .reader()
      .open({ sink })
      .assign({ ...target, offset: 0 });
    await sink.untilRecords(target, appended.length);
    const read = sink.recordsOf(target);
    assert.deepEqual(
      read.map(({ key, value, headers }) => ({ key, value, headers: [...headers] })),
      appended,
    );
    for (const { topic, partition, timestamp } of read) {
      assert.deepEqual({ topic, partition }, target);
      assert.ok(
        timestamp >= before && timestamp <= after,
        `${timestamp} is the time of the append`,
      );
    }
  });

  for (const compression of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
    test(`readers get back what was appended with ${compression}`, async () => {
      await using log = await open();
      const target = { topic: await log.createTopic(1), partition: 0 };
      await using lane = await log.writer().openPartition(target, { compression });
      await lane.append(records(50, 'compressible compressible compressible '));
      const sink = new RecordingSink();
      log
        .reader()
        .open({ sink })
        .assign({ ...target, offset: 0 });
      await sink.untilRecords(target, 50);
      assert.equal(
        sink.recordsOf(target)[49]?.value?.toString(),
        'compressible compressible compressible 49',
      );
    });
  }

  test('partitions, and writers of one partition, do not mix', async () => {
    await using log = await open();
    const topic = await log.createTopic(2);
    const writer = log.writer();
    await using first = await writer.openPartition(
      { topic, partition: 0 },
      { compression: 'none' },
    );
    await using second = await log
      .writer()
      .openPartition({ topic, partition: 0 }, { compression: 'none' });
    await using other = await writer.openPartition(
      { topic, partition: 1 },
      { compression: 'none' },
    );
    const appends = await Promise.all([
      first.append(records(2)),
      second.append(records(2)),
      other.append(records(2)),
    ]);
    const [a, b, c] = appends.map(({ baseOffset }) => baseOffset);
    assert.deepEqual([a, b].toSorted(), [0, 2]);
    assert.equal(c, 0);
  });

  test('refuses what is too large, stores nothing of it, and is spent', async () => {
    await using log = await open();
    const target = { topic: await log.createTopic(1), partition: 0 };
    const writer = log.writer();
    await using lane = await writer.openPartition(target, { compression: 'none' });
    await lane.append([record('before')]);
    const tooLarge = { ...record(''), value: Buffer.alloc(TOO_LARGE_BYTES) };
    await assert.rejects(lane.append([tooLarge]), (error: unknown) => {
      assert.ok(error instanceof LogError);
      assert.equal(error.reason, 'record-too-large');
      assert.equal(error.outcome, 'not-stored');
      assert.equal(error.retryable, false);
      return true;
    });
    await assert.rejects(lane.append([record('spent')]), isLogError('fenced'));
    assert.deepEqual(await appendBatches(writer, target, [record('after')]), [1]);
  });

  test('refuses to open a partition that does not exist', async () => {
    await using log = await open();
    const topic = `${await log.createTopic(1)}-of-nobody`;
    await assert.rejects(
      log.writer().openPartition({ topic, partition: 0 }, { compression: 'none' }),
      isLogError('unknown-topic'),
    );
  });

  test('a writer that was disposed takes nothing', async () => {
    await using log = await open();
    const target = { topic: await log.createTopic(1), partition: 0 };
    const lane = await log.writer().openPartition(target, { compression: 'none' });
    await lane[Symbol.asyncDispose]();
    await assert.rejects(lane.append([record('late')]), isLogError('fenced'));
    const offsets = await log.reader().listOffsets([target.topic], 'latest');
    assert.deepEqual(offsets, [{ ...target, offset: 0 }]);
  });
}

function isLogError(reason: LogError['reason']): (error: unknown) => boolean {
  return (error) => error instanceof LogError && error.reason === reason;
}
