import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogError } from '../errors.ts';
import type { OpenConformanceLog } from './conformance-log.ts';
import { RecordingSink } from './recording-sink.ts';
import { appendBatches, record, records } from './records.ts';

export function readerTests(open: OpenConformanceLog): void {
  test('says how many partitions a topic has, and that a topic is unknown', async () => {
    await using log = await open();
    const reader = log.reader();
    const topic = await log.createTopic(3);
    assert.equal(await reader.partitionCount(topic), 3);
    const unknown = `${topic}-of-nobody`;
    await assert.rejects(reader.partitionCount(unknown), isUnknownTopic);
    await assert.rejects(reader.listOffsets([unknown], 'latest'), isUnknownTopic);
  });

  test('lists the earliest, the latest, and the offset of a time, of every partition', async () => {
    await using log = await open();
    const topic = await log.createTopic(2);
    const target = { topic, partition: 1 };
    const reader = log.reader();
    const writer = log.writer();
    await appendBatches(writer, target, [record('early')]);
    // The next record must be younger, by what the log's timestamps can tell.
    const middle = Date.now() + 1;
    while (Date.now() <= middle) await sleep(1);
    await appendBatches(writer, target, [record('late'), record('later')]);
    await log.deleteRecords({ ...target, offset: 1 });

    const offsets = async (at: Parameters<typeof reader.listOffsets>[1]) =>
      (await reader.listOffsets([topic], at))
        .toSorted((a, b) => a.partition - b.partition)
        .map(({ offset }) => offset);
    assert.deepEqual(await offsets('earliest'), [0, 1]);
    assert.deepEqual(await offsets('latest'), [0, 3]);
    assert.deepEqual(await offsets({ timestamp: middle }), [0, 1]);
    assert.deepEqual(await offsets({ timestamp: Date.now() + 60_000 }), [0, 3]);
  });

  test('delivers each record from the position on, once, in order', async () => {
    await using log = await open();
    const target = { topic: await log.createTopic(1), partition: 0 };
    const writer = log.writer();
    await appendBatches(writer, target, records(700), records(700));
    const sink = new RecordingSink();
    log
      .reader()
      .open({ sink })
      .assign({ ...target, offset: 100 });
    await sink.untilRecords(target, 1_300);
    await appendBatches(writer, target, records(5));
    await sink.untilRecords(target, 1_305);

    assert.deepEqual(
      sink.offsetsOf(target),
      Array.from({ length: 1_305 }, (_, index) => 100 + index),
    );
    let position = 100;
    for (const batch of sink.batches) {
      assert.equal(batch.records[0]?.offset, position);
      position = batch.nextOffset;
      assert.ok(batch.endOffset >= position);
    }
    assert.equal(position, 1_405);
    assert.equal(sink.batches.at(-1)?.endOffset, 1_405);
  });

  test('reads many partitions side by side', async () => {
    await using log = await open();
    const topic = await log.createTopic(6);
    const partitions = Array.from({ length: 6 }, (_, partition) => ({ topic, partition }));
    const writer = log.writer();
    await Promise.all(partitions.map((target) => appendBatches(writer, target, records(50))));
    const sink = new RecordingSink();
    const subscription = log.reader().open({ sink });
    for (const target of partitions) subscription.assign({ ...target, offset: target.partition });
    for (const target of partitions) await sink.untilRecords(target, 50 - target.partition);
    for (const target of partitions) assert.equal(sink.offsetsOf(target)[0], target.partition);
  });

  test('assigned again, a partition is read from its new position', async () => {
    await using log = await open();
    const target = { topic: await log.createTopic(1), partition: 0 };
    await appendBatches(log.writer(), target, records(3));
    const sink = new RecordingSink();
    const subscription = log.reader().open({ sink });
    subscription.assign({ ...target, offset: 0 });
    await sink.untilRecords(target, 3);
    subscription.assign({ ...target, offset: 1 });
    await sink.untilRecords(target, 5);
    assert.deepEqual(sink.offsetsOf(target), [0, 1, 2, 1, 2]);
  });

  test('nothing of a partition comes after it was unassigned; others go on', async () => {
    await using log = await open();
    const topic = await log.createTopic(2);
    const [given, kept] = [0, 1].map((partition) => ({ topic, partition })) as [Target, Target];
    const writer = log.writer();
    await appendBatches(writer, given, [record('1')]);
    const sink = new RecordingSink();
    const subscription = log.reader().open({ sink });
    for (const target of [given, kept]) subscription.assign({ ...target, offset: 0 });
    await sink.untilRecords(given, 1);
    subscription.unassign(given);
    await appendBatches(writer, given, [record('2')]);
    await appendBatches(writer, kept, [record('1')], [record('2')]);
    await sink.untilRecords(kept, 2);
    assert.deepEqual(sink.offsetsOf(given), [0]);
  });

  test('a paused partition waits while others go on, and misses nothing', async () => {
    await using log = await open();
    const topic = await log.createTopic(2);
    const [paused, other] = [0, 1].map((partition) => ({ topic, partition })) as [Target, Target];
    const writer = log.writer();
    const sink = new RecordingSink();
    const subscription = log.reader().open({ sink });
    for (const target of [paused, other]) subscription.assign({ ...target, offset: 0 });
    subscription.pause(paused);
    await appendBatches(writer, paused, records(2));
    await appendBatches(writer, other, [record('1')], [record('2')]);
    await sink.untilRecords(other, 2);
    assert.deepEqual(sink.offsetsOf(paused), []);

    // A new position does not end a pause.
    subscription.assign({ ...paused, offset: 1 });
    await appendBatches(writer, other, [record('3')], [record('4')]);
    await sink.untilRecords(other, 4);
    assert.deepEqual(sink.offsetsOf(paused), []);

    subscription.resume(paused);
    await appendBatches(writer, paused, records(2));
    await sink.untilRecords(paused, 3);
    assert.deepEqual(sink.offsetsOf(paused), [1, 2, 3]);
  });

  test('a sink may pause from inside a delivery: the next batch waits', async () => {
    await using log = await open();
    const target = { topic: await log.createTopic(1), partition: 0 };
    const writer = log.writer();
    const sink = new RecordingSink();
    const subscription = log.reader().open({ sink });
    sink.onRecords = () => subscription.pause(target);
    subscription.assign({ ...target, offset: 0 });
    for (let round = 1; round <= 4; round++) {
      await appendBatches(writer, target, [record(`${round}`)]);
      await sink.untilRecords(target, round);
      assert.equal(sink.batches.length, round);
      subscription.resume(target);
    }
    assert.deepEqual(sink.offsetsOf(target), [0, 1, 2, 3]);
  });

  test('below the first readable offset, reading goes on at the earliest, and says so', async () => {
    await using log = await open();
    const target = { topic: await log.createTopic(1), partition: 0 };
    await appendBatches(log.writer(), target, records(5));
    await log.deleteRecords({ ...target, offset: 3 });
    const sink = new RecordingSink();
    log
      .reader()
      .open({ sink })
      .assign({ ...target, offset: 1 });
    await sink.untilRecords(target, 2);
    assert.deepEqual(sink.offsetsOf(target), [3, 4]);
    const [event, ...more] = sink.outOfRanges;
    assert.equal(more.length, 0);
    assert.deepEqual([event?.position, event?.resumeAt], [1, 3]);
    assert.equal(event?.partition.topic, target.topic);
    assert.equal(event?.partition.partition, target.partition);
  });

  test('beyond the end, reading goes on at the end, and says so', async () => {
    await using log = await open();
    const target = { topic: await log.createTopic(1), partition: 0 };
    const writer = log.writer();
    await appendBatches(writer, target, records(2));
    const sink = new RecordingSink();
    log
      .reader()
      .open({ sink })
      .assign({ ...target, offset: 100 });
    await sink.until(() => sink.outOfRanges.length > 0, 'the position was found out of range');
    await appendBatches(writer, target, [record('next')]);
    await sink.untilRecords(target, 1);
    assert.deepEqual(sink.offsetsOf(target), [2]);
    const events = sink.outOfRanges.map(({ position, resumeAt }) => [position, resumeAt]);
    assert.deepEqual(events, [[100, 2]]);
  });

  test('the end itself is in range', async () => {
    await using log = await open();
    const target = { topic: await log.createTopic(1), partition: 0 };
    const writer = log.writer();
    await appendBatches(writer, target, records(2));
    const sink = new RecordingSink();
    log
      .reader()
      .open({ sink })
      .assign({ ...target, offset: 2 });
    await appendBatches(writer, target, [record('next')]);
    await sink.untilRecords(target, 1);
    assert.deepEqual(sink.offsetsOf(target), [2]);
    assert.deepEqual(sink.outOfRanges, []);
  });

  test('a partition that cannot be read fails once, and does not stop others', async () => {
    await using log = await open();
    const target = { topic: await log.createTopic(1), partition: 0 };
    const nowhere = { topic: `${target.topic}-of-nobody`, partition: 0 };
    const sink = new RecordingSink();
    const subscription = log.reader().open({ sink });
    subscription.assign({ ...nowhere, offset: 0 });
    subscription.assign({ ...target, offset: 0 });
    await appendBatches(log.writer(), target, [record('1')]);
    await sink.untilRecords(target, 1);
    await sink.until(() => sink.failures.length > 0, 'reading an unknown topic was said to fail');
    await appendBatches(log.writer(), target, [record('2')]);
    await sink.untilRecords(target, 2);
    assert.equal(sink.failures.length, 1);
    assert.equal(sink.failures[0]?.partitions[0]?.topic, nowhere.topic);
    assert.ok(sink.failures[0]?.cause instanceof LogError);
  });

  test('nothing comes after a subscription was disposed', async () => {
    await using log = await open();
    const target = { topic: await log.createTopic(1), partition: 0 };
    const writer = log.writer();
    const reader = log.reader();
    const closed = new RecordingSink();
    const subscription = reader.open({ sink: closed });
    subscription.assign({ ...target, offset: 0 });
    await appendBatches(writer, target, [record('1')]);
    await closed.untilRecords(target, 1);
    await subscription[Symbol.asyncDispose]();
    const open_ = new RecordingSink();
    reader.open({ sink: open_ }).assign({ ...target, offset: 0 });
    await appendBatches(writer, target, [record('2')]);
    await open_.untilRecords(target, 2);
    assert.deepEqual(closed.offsetsOf(target), [0]);
  });
}

interface Target {
  readonly topic: string;
  readonly partition: number;
}

function isUnknownTopic(error: unknown): boolean {
  return error instanceof LogError && error.reason === 'unknown-topic';
}
