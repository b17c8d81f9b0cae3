import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  decodeDeadLetterHeaders,
  encodeRedriveHeaders,
  originalHeaders,
} from '../dead-letter/headers.ts';
import { DeliveryFailed, LogError } from '../errors.ts';
import { auditors, noteEvents, noteWritten, readers } from '../fixtures/catalog.ts';
import { booksOn, ConsumerWorld, ManualHandler } from '../fixtures/consumer-rig.ts';

const HOME = 0;
const [a, b] = booksOn(HOME, 2) as [string, string];
const DLQ = `${noteEvents.name}.dlq`;
const LETTER_BOX = { topic: DLQ, partition: 0 };
const STEADY = { initialDelayMs: 100, maxDelayMs: 400, jitter: 0, maxAttempts: 4 };

describe('retry', () => {
  test('a failed record is tried again in its lane with back-off; other lanes go on', async () => {
    await using world = new ConsumerWorld();
    const manual = new ManualHandler();
    world.write(a, 'a1', 'a2');
    world.write(b, 'b1');
    await world.start({ handlers: { 'note.page.written': manual.handle }, retry: STEADY });
    manual.fail('a1');
    await world.clock.advance(99);
    manual.finish('b1');
    assert.deepEqual(manual.started, ['a1', 'b1']);
    await world.clock.advance(1);
    manual.fail('a1');
    await world.clock.advance(199);
    assert.equal(manual.started.length, 3);
    await world.clock.advance(1);
    manual.finish('a1');
    await world.clock.advance(300);
    assert.deepEqual(manual.started, ['a1', 'b1', 'a1', 'a1', 'a2']);
    assert.deepEqual(
      manual.contexts.map(({ attempt }) => attempt),
      [1, 1, 2, 3, 1],
    );
    assert.equal(world.metrics.calls.retried.length, 2);
    assert.equal(world.committed(HOME), 1);
    manual.finish('a2');
  });

  test('a handler that throws before its promise is a failed try too', async () => {
    await using world = new ConsumerWorld();
    let calls = 0;
    world.write(a, 'a1');
    await world.start({
      handlers: {
        'note.page.written': () => {
          calls += 1;
          if (calls === 1) throw new Error('at once');
          return Promise.resolve();
        },
      },
      retry: STEADY,
    });
    await world.clock.advance(400);
    assert.equal(calls, 2);
    assert.equal(world.committed(HOME), 1);
  });

  test('time is bounded, not only tries: handler time counts, time for the commit does not', async () => {
    await using world = new ConsumerWorld();
    const manual = new ManualHandler();
    world.write(a, 'slow');
    await world.start({
      handlers: { 'note.page.written': manual.handle },
      retry: { ...STEADY, maxAttempts: 100, maxElapsedMs: 1_000 },
    });
    await world.clock.advance(600);
    manual.fail('slow');
    await world.clock.advance(100);
    await world.clock.advance(250);
    manual.fail('slow');
    await world.clock.settle();
    assert.equal(world.log.records(DLQ).length, 1);
  });
});

describe('dead letters', () => {
  test('after its last try a record goes to the DLQ as it was, with the reason', async () => {
    await using world = new ConsumerWorld();
    const { offset } = world.store(noteWritten({ book: a, text: 'poison' }));
    world.write(a, 'after');
    const handled: string[] = [];
    await world.start({
      handlers: {
        'note.page.written': async ({ data: { text } }) => {
          if (text === 'poison') throw Object.assign(new Error('no good'), { code: 'NO_GOOD' });
          handled.push(text);
        },
      },
      retry: STEADY,
    });
    await world.clock.advance(100 + 200 + 400);
    assert.deepEqual(handled, ['after']);
    const [letter] = world.log.records(DLQ);
    const [source] = world.log.records(noteEvents.name, HOME);
    assert.ok(letter !== undefined && source !== undefined);
    assert.deepEqual(letter.key, source.key);
    assert.deepEqual(letter.value, source.value);
    assert.deepEqual(originalHeaders(letter.headers), source.headers);
    const reason = decodeDeadLetterHeaders(letter.headers);
    assert.equal(reason?.originalTopic, noteEvents.name);
    assert.equal(reason?.originalPartition, HOME);
    assert.equal(reason?.originalOffset, offset);
    assert.equal(reason?.consumerGroup, readers.id);
    assert.equal(reason?.code, 'NO_GOOD');
    assert.equal(reason?.message, 'no good');
    assert.equal(reason?.attempts, 4);
    await world.clock.advance(300);
    assert.equal(world.committed(HOME), 2);
    assert.deepEqual(world.metrics.calls.deadLettered, [[noteEvents.name, 'NO_GOOD']]);
  });

  test('an error that is not retryable skips the retries', async () => {
    await using world = new ConsumerWorld();
    let calls = 0;
    world.write(a, 'refused');
    await world.start({
      handlers: {
        'note.page.written': async () => {
          calls += 1;
          throw new DeliveryFailed('id', 'not yours', false);
        },
      },
    });
    assert.equal(calls, 1);
    assert.equal(decodeDeadLetterHeaders(world.log.records(DLQ)[0]?.headers ?? [])?.attempts, 1);
  });

  test('a record that cannot be decoded is not tried at all', async () => {
    await using world = new ConsumerWorld();
    world.log.store({ topic: noteEvents.name, partition: HOME }, [
      { key: Buffer.from(a), value: Buffer.from('not json'), headers: [] },
    ]);
    await world.start({ handlers: { 'note.page.written': async () => {} } });
    await world.clock.advance(300);
    const reason = decodeDeadLetterHeaders(world.log.records(DLQ)[0]?.headers ?? []);
    assert.equal(reason?.code, 'CONTRACT_RECORD_UNDECODABLE');
    assert.equal(reason?.attempts, 0);
    assert.equal(world.committed(HOME), 1);
  });

  test('only an acknowledged dead letter counts as done', async () => {
    await using world = new ConsumerWorld();
    world.write(a, 'poison');
    const hold = world.log.faults.holdAppends(LETTER_BOX);
    await world.start({ handlers: { 'note.page.written': refuse } });
    await world.clock.advance(5_000);
    assert.equal(world.committed(HOME), undefined);
    hold[Symbol.dispose]();
    await world.clock.advance(300);
    assert.equal(world.committed(HOME), 1);
  });

  test('while the DLQ refuses, the record stays undone and only its letter is tried again', async () => {
    await using world = new ConsumerWorld();
    let calls = 0;
    world.write(a, 'poison', 'after');
    for (let n = 0; n < 3; n++) {
      world.log.faults.failNextAppend(LETTER_BOX, new LogError('not-authorized', 'closed'));
    }
    const handlers = {
      'note.page.written': async () => {
        calls += 1;
        if (calls === 1) await refuse();
      },
    };
    await world.start({ handlers, retry: STEADY });
    await world.clock.advance(100 + 200);
    assert.equal(calls, 1);
    assert.equal(world.committed(HOME), undefined);
    assert.deepEqual(world.log.records(DLQ), []);
    await world.clock.advance(400 + 300);
    assert.equal(world.log.records(DLQ).length, 1);
    assert.equal(calls, 2);
    assert.equal(world.committed(HOME), 2);
    const said = world.logger.messages('error').filter((message) => message.includes('refused'));
    assert.equal(said.length, 1);
  });

  test('a stop before the letter is acknowledged commits nothing of it', async () => {
    await using world = new ConsumerWorld();
    world.write(a, 'poison');
    const away = world.log.faults.makeUnavailable(LETTER_BOX);
    const running = await world.start({ handlers: { 'note.page.written': refuse } });
    await running.stop();
    assert.equal(world.committed(HOME), 0);
    away[Symbol.dispose]();
  });

  test('a record of a DLQ that fails is skipped and said once, never dead-lettered', async () => {
    await using world = new ConsumerWorld();
    world.write(a, 'poison');
    const reader = await world.start({ handlers: { 'note.page.written': refuse } });
    await reader.stop();
    assert.equal(world.log.records(DLQ).length, 1);
    const seen: string[] = [];
    await world.start({
      group: auditors,
      handlers: {
        'note.page.written': async (_event, { topic }) => {
          seen.push(topic);
          if (topic === DLQ) await refuse();
        },
      },
    });
    await world.clock.advance(300);
    assert.deepEqual(seen.toSorted(), [noteEvents.name, DLQ]);
    assert.equal(world.log.records(DLQ).length, 1);
    assert.equal(world.log.group(auditors.id).committed(LETTER_BOX), 1);
    const skipped = world.logger
      .messages('error')
      .filter((message) => message === 'record of a dead-letter topic failed and is skipped');
    assert.equal(skipped.length, 1);
    assert.ok(
      world.metrics.calls.handled.some(
        ([topic, , outcome]) => topic === DLQ && outcome === 'skipped',
      ),
    );
  });
});

describe('what a group passes over', () => {
  test('a redriven record for another group', async () => {
    await using world = new ConsumerWorld();
    world.write(a, 'once');
    const [source] = world.log.records(noteEvents.name);
    assert.ok(source !== undefined);
    for (const group of ['another-group', readers.id]) {
      const headers = encodeRedriveHeaders(source.headers, group);
      world.log.store({ topic: noteEvents.name, partition: HOME }, [{ ...source, headers }]);
    }
    const offsets: number[] = [];
    await world.start({
      handlers: {
        'note.page.written': async (_event, { offset }) => {
          offsets.push(offset);
        },
      },
    });
    await world.clock.advance(300);
    assert.deepEqual(offsets, [0, 2]);
    assert.equal(world.committed(HOME), 3);
  });

  test('unknown types: dead-lettered or skipped, as the group declares', async () => {
    for (const [group, letters] of [
      [readers, 1],
      [auditors, 0],
    ] as const) {
      await using world = new ConsumerWorld();
      world.write(a, 'known');
      const [known] = world.log.records(noteEvents.name);
      assert.ok(known !== undefined);
      const headers = known.headers.map((header) =>
        header.key === 'ce_type' ? { ...header, value: Buffer.from('note.page.burnt') } : header,
      );
      world.log.store({ topic: noteEvents.name, partition: HOME }, [{ ...known, headers }]);
      await world.start({ group, handlers: { 'note.page.written': async () => {} } });
      await world.clock.advance(300);
      assert.equal(world.log.records(DLQ).length, letters);
      assert.equal(world.committed(HOME, group), 2);
      assert.ok(world.metrics.calls.handled.some(([, type]) => type === 'unknown'));
    }
  });
});

async function refuse(): Promise<void> {
  throw Object.assign(new Error('cannot ever'), { retryable: false });
}
