import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { InvalidEventData, partitionForKey } from '@sori/contract';
import { DeliveryFailed, LogError, RecordTooLarge, StreamClosed } from '../errors.ts';
import { noteEvents, noteTorn, noteWritten, tickEvents, ticked } from '../fixtures/catalog.ts';
import { publisherRig, textsOf, watch } from '../fixtures/publisher-rig.ts';

const BOOK = 'a';
const HOME = {
  topic: noteEvents.name,
  partition: partitionForKey(Buffer.from(BOOK), noteEvents.partitions),
};
const note = (text: string) => noteWritten({ book: BOOK, text });

describe('publishing', () => {
  test('answers with where the event is, once the log has it', async () => {
    await using rig = publisherRig();
    const first = rig.publisher.publish(note('one'), { id: 'id-1', correlationId: 'c' });
    const second = rig.publisher.publish(noteTorn({ book: BOOK }));
    await rig.clock.advance(2);
    const { id, topic, partition, offset, time } = await first;
    assert.deepEqual({ id, topic, partition, offset }, { id: 'id-1', ...HOME, offset: 0 });
    assert.equal(time, '2026-01-27T00:00:00.000Z');
    assert.equal((await second).offset, 1);
    const [stored] = rig.log.records(HOME.topic, HOME.partition);
    assert.equal(stored?.key?.toString(), BOOK);
    const headers = new Map(stored?.headers.map(({ key, value }) => [key, value.toString()]));
    assert.equal(headers.get('ce_id'), 'id-1');
    assert.equal(headers.get('ce_source'), '/sori/test');
    assert.equal(headers.get('ce_correlationid'), 'c');
    assert.equal(headers.get('ce_time'), time);
  });

  test('invalid data is refused before anything is queued, with its path', async () => {
    await using rig = publisherRig();
    assert.throws(
      () => rig.publisher.publish(noteWritten({ book: BOOK, text: 1 as unknown as string })),
      (error: unknown) => {
        assert.ok(error instanceof InvalidEventData);
        assert.equal(error.problems[0]?.path, '/text');
        return true;
      },
    );
    assert.deepEqual(rig.metrics.calls.buffered, []);
  });

  test('a record over the limit of its topic is refused before it is queued', async () => {
    await using rig = publisherRig();
    const text = 'x'.repeat(noteEvents.maxMessageBytes);
    await assert.rejects(rig.publisher.publish(note(text)), (error: unknown) => {
      assert.ok(error instanceof RecordTooLarge);
      assert.equal(error.limitBytes, noteEvents.maxMessageBytes);
      assert.ok(error.bytes > error.limitBytes);
      return true;
    });
    assert.deepEqual(rig.metrics.calls.buffered, []);
    assert.equal(rig.log.faults.appendsArrived(HOME), 0);
  });

  test('a topic of no catalog and a partition of no topic are refused', async () => {
    await using rig = publisherRig();
    const record = { key: null, value: null, headers: [] };
    await assert.rejects(rig.publisher.append({ topic: 'other.events' }, record, 'e'), {
      code: 'CONTRACT_DEFINITION_INVALID',
    });
    for (const partition of [-1, 3, 1.5]) {
      await assert.rejects(
        rig.publisher.append({ topic: noteEvents.name, partition }, record, 'e'),
        (error: unknown) => error instanceof DeliveryFailed && !error.retryable,
      );
    }
  });

  test('a raw record goes by its key, or to the partition that is named', async () => {
    await using rig = publisherRig({ lingerMs: 0 });
    const other = (HOME.partition + 1) % noteEvents.partitions;
    const record = { key: Buffer.from(BOOK), value: Buffer.from('{}'), headers: [] };
    const byKey = await rig.publisher.append({ topic: HOME.topic }, record, 'e1');
    const named = await rig.publisher.append({ topic: HOME.topic, partition: other }, record, 'e2');
    assert.deepEqual([byKey.partition, named.partition], [HOME.partition, other]);
    assert.deepEqual([byKey.id, named.id], ['e1', 'e2']);
  });
});

describe('keyless topics', () => {
  test('are filled batch by batch, round robin over the lanes that are free', async () => {
    await using rig = publisherRig({ lingerMs: 5 });
    const holds = [0, 1, 2].map((partition) =>
      rig.log.faults.holdAppends({ topic: tickEvents.name, partition }),
    );
    const published = [];
    for (let batch = 0; batch < 3; batch++) {
      for (let n = 0; n < 4; n++) published.push(rig.publisher.publish(ticked({ n })));
      await rig.clock.advance(5);
    }
    for (const hold of holds) hold[Symbol.dispose]();
    const partitions = (await Promise.all(published)).map(({ partition }) => partition);
    assert.deepEqual(partitions, [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
  });

  test('a lane that is busy is passed over', async () => {
    await using rig = publisherRig({ lingerMs: 0 });
    const [zero, one, two] = [0, 1, 2].map((partition) =>
      rig.log.faults.holdAppends({ topic: tickEvents.name, partition }),
    );
    for (let n = 0; n < 3; n++) watch(rig.publisher.publish(ticked({ n })));
    await rig.clock.settle();
    one?.[Symbol.dispose]();
    await rig.clock.settle();
    const next = watch(rig.publisher.publish(ticked({ n: 3 })));
    await rig.clock.settle();
    assert.equal(next.value?.partition, 1);
    for (const hold of [zero, two]) hold?.[Symbol.dispose]();
  });

  test('a partition without a leader does not hold the others up', async () => {
    await using rig = publisherRig({ lingerMs: 1 });
    using _away = rig.log.faults.makeUnavailable({ topic: tickEvents.name, partition: 0 });
    const outcomes = [];
    for (let n = 0; n < 6; n++) {
      outcomes.push(watch(rig.publisher.publish(ticked({ n }))));
      await rig.clock.advance(1);
    }
    assert.deepEqual(
      outcomes.map(({ settled }) => settled),
      [false, true, true, true, true, true],
    );
  });
});

describe('flush, warm-up and dispose', () => {
  test('flush sends what lingers and waits for all of it, failures included', async () => {
    await using rig = publisherRig({ lingerMs: 60_000 });
    await rig.publisher.flush();
    rig.log.faults.failNextAppend(HOME, new LogError('not-authorized', 'no'));
    const refused = watch(rig.publisher.publish(note('refused')));
    const stored = watch(rig.publisher.publish(ticked({ n: 1 })));
    await rig.publisher.flush();
    assert.ok(refused.error instanceof DeliveryFailed);
    assert.equal(stored.value?.offset, 0);
  });

  test('warming up opens every partition and waits for leaders', async () => {
    await using rig = publisherRig();
    const away = rig.log.faults.makeUnavailable(HOME);
    const warm = watch(rig.publisher.warmUp([noteEvents.name]));
    await rig.clock.advance(1_000);
    assert.equal(warm.settled, false);
    away[Symbol.dispose]();
    await rig.clock.advance(1_000);
    assert.deepEqual(warm, { settled: true, value: undefined, error: undefined });
    assert.deepEqual(rig.logger.messages('warn'), ['the log does not take records']);
  });

  test('warming up gives up after the delivery deadline', async () => {
    await using rig = publisherRig({ deliveryDeadlineMs: 1_000 });
    using _away = rig.log.faults.makeUnavailable(HOME);
    const warm = watch(rig.publisher.warmUp([noteEvents.name]));
    await rig.clock.advance(2_000);
    assert.ok(warm.error instanceof LogError);
    assert.equal(warm.error.reason, 'unavailable');
  });

  test('warming up says when the log and the catalog differ', async () => {
    await using rig = publisherRig();
    rig.log.growTopic(noteEvents.name, 5);
    await rig.publisher.warmUp([noteEvents.name]);
    const [line] = rig.logger.lines;
    assert.equal(line?.level, 'warn');
    assert.deepEqual(line?.fields, { topic: noteEvents.name, partitions: 5, catalog: 3 });
  });

  test('disposing flushes, takes nothing more, and leaves no timer', async () => {
    const rig = publisherRig({ lingerMs: 60_000 });
    const last = watch(rig.publisher.publish(note('last')));
    await Promise.all([rig.publisher[Symbol.asyncDispose](), rig.publisher[Symbol.asyncDispose]()]);
    assert.equal(last.value?.offset, 0);
    await assert.rejects(rig.publisher.publish(note('late')), StreamClosed);
    await assert.rejects(rig.publisher.warmUp([noteEvents.name]), StreamClosed);
    assert.deepEqual(textsOf(rig.log.records(noteEvents.name)), ['last']);
    assert.equal(rig.clock.pendingTimers, 0);
    await rig.log[Symbol.asyncDispose]();
  });

  test('disposing gives up after its time: sent is unknown, unsent has failed', async () => {
    await using rig = publisherRig({ lingerMs: 0, closeTimeoutMs: 500 });
    const hold = rig.log.faults.holdAppends(HOME);
    const sent = watch(rig.publisher.publish(note('sent')));
    await rig.clock.settle();
    const waiting = watch(rig.publisher.publish(note('waiting')));
    const closed = rig.publisher[Symbol.asyncDispose]();
    await rig.clock.advance(500);
    await closed;
    assert.equal((sent.error as Error).name, 'DeliveryUnknown');
    assert.equal((waiting.error as Error).name, 'DeliveryFailed');
    hold[Symbol.dispose]();
    await rig.clock.advance(1_000);
    assert.equal(rig.log.faults.appendsArrived(HOME), 1);
  });
});
