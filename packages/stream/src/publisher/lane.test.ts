import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { partitionForKey } from '@sori/contract';
import fc from 'fast-check';
import { DeliveryFailed, DeliveryUnknown, LogError, PublisherOverloaded } from '../errors.ts';
import { noteEvents, noteWritten } from '../fixtures/catalog.ts';
import { type PublisherRig, publisherRig, textsOf, watch } from '../fixtures/publisher-rig.ts';

const BOOK = 'a';
const HOME = {
  topic: noteEvents.name,
  partition: partitionForKey(Buffer.from(BOOK), noteEvents.partitions),
};
const publish = (rig: PublisherRig, text: string) =>
  watch(rig.publisher.publish(noteWritten({ book: BOOK, text }), { id: text.slice(0, 10) }));

/** Records in each acknowledged batch. */
const batchSizes = (rig: PublisherRig) => rig.metrics.calls.acknowledged.map(([, count]) => count);

describe('batching', () => {
  test('an idle lane lingers, and sends what came in that time as one batch', async () => {
    await using rig = publisherRig({ lingerMs: 5 });
    publish(rig, '1');
    await rig.clock.advance(3);
    publish(rig, '2');
    await rig.clock.advance(1);
    assert.equal(rig.log.faults.appendsArrived(HOME), 0);
    await rig.clock.advance(1);
    assert.deepEqual(batchSizes(rig), [2]);
  });

  test('one append is in flight; meanwhile the next batch gathers, without linger', async () => {
    await using rig = publisherRig({ lingerMs: 5 });
    const hold = rig.log.faults.holdAppends(HOME);
    publish(rig, '1');
    await rig.clock.advance(5);
    for (const text of ['2', '3', '4']) publish(rig, text);
    await rig.clock.advance(1_000);
    assert.equal(rig.log.faults.appendsArrived(HOME), 1);
    hold[Symbol.dispose]();
    await rig.clock.settle();
    assert.deepEqual(batchSizes(rig), [1, 3]);
    assert.deepEqual(textsOf(rig.log.records(HOME.topic, HOME.partition)), ['1', '2', '3', '4']);
  });

  test('a full batch does not linger, by records or by bytes', async () => {
    await using byRecords = publisherRig({ lingerMs: 60_000, batchRecords: 2 });
    for (const text of ['1', '2', '3']) publish(byRecords, text);
    await byRecords.clock.settle();
    assert.deepEqual(batchSizes(byRecords), [2, 1]);

    await using byBytes = publisherRig({ lingerMs: 60_000, batchBytes: 4_000 });
    for (const text of ['1', '2', '3']) publish(byBytes, text.repeat(1_500));
    await byBytes.clock.settle();
    assert.deepEqual(batchSizes(byBytes), [2, 1]);
  });

  test('a batch that the log finds too large is halved until it fits', async () => {
    await using rig = publisherRig();
    for (let n = 0; n < 3; n++) {
      rig.log.faults.failNextAppend(HOME, new LogError('record-too-large', 'too large'));
    }
    const outcomes = ['1', '2', '3', '4'].map((text) => publish(rig, text));
    await rig.clock.advance(2);
    // 4 and 2 records were refused; one alone is refused for good.
    assert.ok(outcomes[0]?.error instanceof DeliveryFailed);
    assert.equal(outcomes[0].error.retryable, false);
    assert.deepEqual(textsOf(rig.log.records(HOME.topic)), ['2', '3', '4']);
    assert.deepEqual(batchSizes(rig), [1, 2]);
  });
});

describe('limits', () => {
  test('past them publish refuses at once; room comes back with the acknowledgement', async () => {
    await using rig = publisherRig({ bufferedRecords: 4, laneShare: 0.5, lingerMs: 0 });
    const hold = rig.log.faults.holdAppends(HOME);
    const taken = ['1', '2'].map((text) => publish(rig, text));
    await rig.clock.settle();
    const refused = publish(rig, '3');
    await rig.clock.settle();
    assert.ok(refused.error instanceof PublisherOverloaded);
    assert.equal(refused.error.retryable, true);
    assert.deepEqual(rig.metrics.calls.overloaded, [[HOME.topic]]);
    // Another lane still has its share.
    const elsewhere = rig.publisher.append(
      { topic: HOME.topic, partition: (HOME.partition + 1) % 3 },
      { key: null, value: null, headers: [] },
      'e',
    );
    assert.equal((await elsewhere).offset, 0);
    hold[Symbol.dispose]();
    await rig.clock.settle();
    assert.deepEqual(
      taken.map(({ value }) => value?.offset),
      [0, 1],
    );
    assert.deepEqual(rig.metrics.calls.buffered.at(-1), [0, 0]);
    const again = publish(rig, '3');
    await rig.clock.settle();
    assert.equal(again.value?.offset, 2);
  });

  test('bytes are limited too', async () => {
    await using rig = publisherRig({ bufferedBytes: 10_000, laneShare: 1, lingerMs: 60_000 });
    const outcomes = ['1', '2', '3'].map((text) => publish(rig, text.repeat(4_000)));
    await rig.clock.settle();
    assert.ok(outcomes[2]?.error instanceof PublisherOverloaded);
    assert.equal(outcomes[1]?.settled, false);
  });
});

describe('the delivery deadline', () => {
  test('rejects a sent record as unknown; nothing overtakes until its send has settled', async () => {
    await using rig = publisherRig({ deliveryDeadlineMs: 1_000, lingerMs: 0 });
    const hold = rig.log.faults.holdAppends(HOME);
    const hung = publish(rig, 'hung');
    await rig.clock.advance(500);
    const behind = publish(rig, 'behind');
    await rig.clock.advance(500);
    assert.ok(hung.error instanceof DeliveryUnknown);
    assert.equal(hung.error.eventId, 'hung');
    assert.equal(hung.error.retryable, true);
    await rig.clock.advance(400);
    const last = publish(rig, 'last');
    await rig.clock.advance(500);
    // `behind` was never sent, and its time is over as well: it is certainly not stored.
    assert.ok(behind.error instanceof DeliveryFailed);
    assert.equal(behind.error.retryable, true);
    assert.equal(rig.log.faults.appendsArrived(HOME), 1);
    hold[Symbol.dispose]();
    await rig.clock.settle();
    assert.equal(last.value?.offset, 1);
    assert.deepEqual(textsOf(rig.log.records(HOME.topic, HOME.partition)), ['hung', 'last']);
    assert.deepEqual(rig.metrics.calls.buffered.at(-1), [0, 0]);
  });

  test('a record that was given up in flight, and is surely not stored, is not sent again', async () => {
    await using rig = publisherRig({ deliveryDeadlineMs: 1_000, lingerMs: 0 });
    const hold = rig.log.faults.holdAppends(HOME);
    rig.log.faults.failNextAppend(HOME, new LogError('unavailable', 'no leader'));
    const given = publish(rig, 'given up');
    await rig.clock.advance(1_000);
    assert.ok(given.error instanceof DeliveryUnknown);
    hold[Symbol.dispose]();
    await rig.clock.advance(10_000);
    assert.deepEqual(rig.log.records(HOME.topic), []);
    assert.deepEqual(rig.metrics.calls.buffered.at(-1), [0, 0]);
  });

  test('is late by at most its resolution, and leaves younger records alone', async () => {
    await using rig = publisherRig({ deliveryDeadlineMs: 1_000, lingerMs: 0 });
    using _away = rig.log.faults.makeUnavailable(HOME);
    const old = publish(rig, 'old');
    await rig.clock.advance(900);
    const young = publish(rig, 'young');
    await rig.clock.advance(200);
    assert.ok(old.error instanceof DeliveryFailed);
    assert.equal(young.settled, false);
  });
});

describe('failed appends', () => {
  test('what is surely not stored is sent again, in order', async () => {
    await using rig = publisherRig({ lingerMs: 0 });
    const { faults } = rig.log;
    faults.failNextAppend(HOME, new LogError('unavailable', 'no leader'));
    faults.failNextAppend(HOME, new LogError('fenced', 'another epoch'));
    const outcomes = ['1', '2', '3'].map((text) => publish(rig, text));
    await rig.clock.advance(1_000);
    assert.deepEqual(
      outcomes.map(({ value }) => value?.offset),
      [0, 1, 2],
    );
    assert.deepEqual(textsOf(rig.log.records(HOME.topic)), ['1', '2', '3']);
    assert.deepEqual(
      rig.metrics.calls.failed.map(([, , outcome]) => outcome),
      ['not-stored', 'not-stored'],
    );
  });

  test('a lost acknowledgement is an unknown delivery, at once, and never a second copy', async () => {
    await using rig = publisherRig({ lingerMs: 0 });
    rig.log.faults.loseNextAcknowledgement(HOME);
    const lost = publish(rig, 'lost');
    await rig.clock.settle();
    assert.ok(lost.error instanceof DeliveryUnknown);
    assert.ok(lost.error.cause instanceof LogError);
    const next = publish(rig, 'next');
    await rig.clock.advance(1_000);
    assert.equal(next.value?.offset, 1);
    assert.deepEqual(textsOf(rig.log.records(HOME.topic)), ['lost', 'next']);
  });

  test('a refusal that no other try can mend fails its batch and lets the next go', async () => {
    await using rig = publisherRig({ lingerMs: 0 });
    rig.log.faults.failNextAppend(HOME, new LogError('not-authorized', 'not yours'));
    const refused = publish(rig, 'refused');
    await rig.clock.settle();
    assert.ok(refused.error instanceof DeliveryFailed);
    assert.equal(refused.error.retryable, false);
    const next = publish(rig, 'next');
    await rig.clock.settle();
    assert.equal(next.value?.offset, 0);
  });

  test('an outage makes one line in ten seconds over all lanes, and one at its end', async () => {
    await using rig = publisherRig({ lingerMs: 0 });
    const partitions = [0, 1, 2].map((partition) => ({ topic: HOME.topic, partition }));
    const away = partitions.map((target) => rig.log.faults.makeUnavailable(target));
    for (const { topic, partition } of partitions) {
      const record = { key: null, value: null, headers: [] };
      watch(rig.publisher.append({ topic, partition }, record, 'e'));
    }
    await rig.clock.advance(9_999);
    assert.deepEqual(rig.logger.messages('warn'), ['the log does not take records']);
    await rig.clock.advance(10_000);
    assert.equal(rig.logger.messages('warn').length, 2);
    assert.equal(rig.logger.lines.at(-1)?.fields['partitions'], 3);
    for (const outage of away) outage[Symbol.dispose]();
    await rig.clock.advance(1_000);
    assert.deepEqual(rig.logger.messages('info'), ['the log takes records again']);
    assert.equal(rig.logger.messages('warn').length, 2);
  });
});

test('whatever fails, acknowledged records are in the log once, in the order of their key', async () => {
  const fault = fc.constantFrom('none', 'refuse', 'lose', 'fence', 'away', 'hold');
  const step = fc.record({
    fault,
    records: fc.integer({ min: 0, max: 4 }),
    ms: fc.integer({ min: 0, max: 700 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      await using rig = publisherRig({ deliveryDeadlineMs: 1_000, batchRecords: 3 });
      const { faults } = rig.log;
      const outcomes = [];
      let number = 0;
      for (const { fault: what, records, ms } of steps) {
        using during = new DisposableStack();
        if (what === 'refuse') faults.failNextAppend(HOME, new LogError('unavailable', 'away'));
        if (what === 'fence') faults.failNextAppend(HOME, new LogError('fenced', 'another'));
        if (what === 'lose') faults.loseNextAcknowledgement(HOME);
        if (what === 'away') during.use(faults.makeUnavailable(HOME));
        if (what === 'hold') during.use(faults.holdAppends(HOME));
        for (let n = 0; n < records; n++) outcomes.push(publish(rig, `${number++}`));
        await rig.clock.advance(ms);
      }
      await rig.clock.advance(5_000);

      const stored = textsOf(rig.log.records(HOME.topic, HOME.partition)).map(Number);
      assert.deepEqual(
        stored,
        [...new Set(stored)].toSorted((a, b) => a - b),
      );
      outcomes.forEach(({ value, error, settled }, index) => {
        assert.ok(settled);
        if (value !== undefined) assert.equal(stored[value.offset], index);
        else if (error instanceof DeliveryFailed) assert.ok(!stored.includes(index));
        else assert.ok(error instanceof DeliveryUnknown);
      });
      assert.deepEqual(rig.metrics.calls.buffered.at(-1) ?? [0, 0], [0, 0]);
    }),
    { numRuns: 60 },
  );
});
