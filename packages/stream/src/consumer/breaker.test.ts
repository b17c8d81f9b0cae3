import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeDeadLetterHeaders } from '../dead-letter/headers.ts';
import { DependencyUnavailable, PublisherOverloaded } from '../errors.ts';
import { noteEvents, noteTorn } from '../fixtures/catalog.ts';
import { booksOn, ConsumerWorld, ManualHandler } from '../fixtures/consumer-rig.ts';

const HOME = 0;
const DLQ = `${noteEvents.name}.dlq`;
const BREAKER = {
  windowRecords: 10,
  minimumRecords: 5,
  failureRatio: 0.8,
  initialDelayMs: 500,
  maxDelayMs: 4_000,
  jitter: 0,
};
const RETRY = { maxAttempts: 3, initialDelayMs: 100, maxDelayMs: 100, jitter: 0 };

/** A handler behind something that can be away. */
class Service {
  failure: Error | undefined;
  calls = 0;
  readonly handled: string[] = [];
  readonly attempts: number[] = [];

  readonly handle = async (
    event: { readonly data: { readonly text: string } },
    context: { readonly attempt: number },
  ): Promise<void> => {
    this.calls += 1;
    this.attempts.push(context.attempt);
    if (this.failure !== undefined) throw this.failure;
    this.handled.push(event.data.text);
  };
}

describe('a dependency is away', () => {
  test('the consumer waits, probes with one record, keeps attempts, and goes on when it is back', async () => {
    await using world = new ConsumerWorld();
    const service = new Service();
    service.failure = new DependencyUnavailable('postgres');
    for (const book of booksOn(HOME, 4)) world.write(book, `${book}-1`, `${book}-2`);
    const { consumer } = await world.start({
      handlers: { 'note.page.written': service.handle },
      breaker: BREAKER,
      retry: RETRY,
    });
    // All four keys were in their handlers already.
    assert.equal(service.calls, 4);
    assert.equal(consumer.health().breaker, 'open');
    await world.clock.advance(499);
    assert.equal(service.calls, 4);
    // Probes at 500 ms, then 1, 2, 4 and 4 s later.
    for (const [ms, calls] of [
      [1, 5],
      [1_000, 6],
      [2_000, 7],
      [4_000, 8],
      [4_000, 9],
    ] as const) {
      await world.clock.advance(ms);
      assert.equal(service.calls, calls);
    }
    assert.deepEqual(new Set(service.attempts), new Set([1]));
    service.failure = undefined;
    await world.clock.advance(4_000);
    assert.equal(service.handled.length, 8);
    assert.equal(consumer.health().breaker, 'closed');
    await world.clock.advance(300);
    assert.equal(world.committed(HOME), 8);
    assert.deepEqual(world.log.records(DLQ), []);
    assert.deepEqual(
      world.metrics.calls.breaker.map(([state]) => state),
      ['open', 'closed'],
    );
    assert.deepEqual(world.logger.messages('warn'), [
      'consumer paused: records cannot be handled now',
    ]);
  });

  test('only the partition that met it probes, and an answer of any kind closes the breaker', async () => {
    await using world = new ConsumerWorld();
    const [here] = booksOn(HOME, 1) as [string];
    const [there] = booksOn(1, 1) as [string];
    let failure: Error | undefined = new PublisherOverloaded('full');
    const calls: number[] = [];
    world.write(here, 'here');
    await world.start({
      handlers: {
        'note.page.written': async (_event, { partition }) => {
          calls.push(partition);
          if (partition === HOME && failure !== undefined) throw failure;
        },
      },
      breaker: BREAKER,
      retry: RETRY,
    });
    world.write(there, 'there');
    await world.clock.advance(500);
    await world.clock.advance(1_000);
    assert.deepEqual(calls, [HOME, HOME, HOME]);
    failure = new Error('it answers, but not well');
    await world.clock.advance(2_000);
    assert.deepEqual(calls.slice(3), [HOME, 1]);
    failure = undefined;
    await world.clock.advance(100);
    assert.deepEqual(calls.slice(5), [HOME]);
  });

  test('a probe that fails for a reason of its own closes the breaker once', async () => {
    await using world = new ConsumerWorld();
    const service = new Service();
    service.failure = new DependencyUnavailable('postgres');
    world.write('book', 'poison');
    await world.start({ handlers: { 'note.page.written': service.handle }, breaker: BREAKER });
    service.failure = Object.assign(new Error('it answers'), { retryable: false });
    await world.clock.advance(500);
    assert.equal(world.log.records(DLQ).length, 1);
    assert.deepEqual(
      world.metrics.calls.breaker.map(([state]) => state),
      ['open', 'closed'],
    );
  });

  test('the partition whose probe is running is lost: it does not wait for that probe', async () => {
    await using world = new ConsumerWorld();
    const manual = new ManualHandler();
    world.write('book', '1');
    await world.start({ handlers: { 'note.page.written': manual.handle }, breaker: BREAKER });
    manual.fail('1', new DependencyUnavailable('postgres'));
    await world.clock.advance(500);
    assert.deepEqual(manual.started, ['1', '1']);
    world.log.faults.removeMember('note-readers', 'reader-1');
    await world.clock.advance(1_000);
    assert.deepEqual(manual.started, ['1', '1', '1']);
    manual.finish('1');
  });

  test('the partition that is to probe is lost: another probes in its place', async () => {
    await using world = new ConsumerWorld();
    const [here] = booksOn(HOME, 1) as [string];
    const [there] = booksOn(1, 1) as [string];
    const service = new Service();
    service.failure = new DependencyUnavailable('postgres');
    world.write(here, 'here');
    await world.start({
      handlers: { 'note.page.written': service.handle },
      breaker: BREAKER,
    });
    world.log.faults.removeMember('note-readers', 'reader-1');
    await world.clock.settle();
    world.write(there, 'there');
    service.failure = undefined;
    await world.clock.advance(500);
    assert.deepEqual(service.handled.toSorted(), ['here', 'there']);
  });
});

describe('everything fails', () => {
  for (const [name, failure] of [
    ['in a way that another try may mend', new Error('bug')],
    ['for good', Object.assign(new Error('bug'), { retryable: false })],
  ] as const) {
    test(`${name}: the topic does not pour into its DLQ`, async () => {
      await using world = new ConsumerWorld();
      const service = new Service();
      service.failure = failure;
      const books = booksOn(HOME, 100);
      for (const book of books) world.write(book, book);
      const { consumer } = await world.start({
        handlers: { 'note.page.written': service.handle },
        breaker: BREAKER,
        retry: RETRY,
        limits: { concurrency: 4 },
      });
      await world.clock.advance(60_000);
      assert.equal(consumer.health().breaker, 'open');
      // At most what failed before it opened, and one record for each probe since.
      const letters = world.log.records(DLQ).length;
      assert.ok(letters <= 25, `${letters} of 100 records were dead-lettered in a minute`);
      service.failure = undefined;
      await world.clock.advance(5_000);
      assert.equal(consumer.health().breaker, 'closed');
      assert.equal(service.handled.length + world.log.records(DLQ).length, 100);
      await world.clock.advance(300);
      assert.equal(world.committed(HOME), 100);
    });
  }

  test('what was running when it opened keeps its attempts', async () => {
    await using world = new ConsumerWorld();
    const manual = new ManualHandler();
    const books = booksOn(HOME, 6);
    for (const book of books) world.write(book, book);
    await world.start({
      handlers: { 'note.page.written': manual.handle },
      breaker: BREAKER,
      retry: { ...RETRY, maxAttempts: 1 },
    });
    for (const book of books) manual.fail(book);
    await world.clock.settle();
    // Five opened it; the sixth failed with them.
    assert.equal(world.log.records(DLQ).length, 5);
    await world.clock.advance(500);
    assert.deepEqual(manual.running, [books[5]]);
    manual.finish(...manual.running);
    await world.clock.advance(300);
    assert.equal(world.committed(HOME), 6);
  });

  test('a probe that needs no handler gives its turn to the next record', async () => {
    await using world = new ConsumerWorld();
    const [a, b] = booksOn(HOME, 2) as [string, string];
    const service = new Service();
    service.failure = new Error('bug');
    world.write(a, 'a');
    world.store(noteTorn({ book: b }));
    await world.start({
      handlers: { 'note.page.written': service.handle },
      breaker: { ...BREAKER, minimumRecords: 1, windowRecords: 1 },
      retry: RETRY,
      limits: { concurrency: 1 },
    });
    assert.equal(world.metrics.calls.breaker.at(-1)?.[0], 'open');
    assert.equal(world.metrics.calls.handled.length, 0);
    service.failure = undefined;
    await world.clock.advance(500);
    assert.deepEqual(
      world.metrics.calls.handled.map(([, , outcome]) => outcome),
      ['no-handler', 'handled'],
    );
    assert.equal(world.metrics.calls.breaker.at(-1)?.[0], 'closed');
  });

  test('a few failures among successes do not open it', async () => {
    await using world = new ConsumerWorld();
    const books = booksOn(HOME, 60);
    for (const book of books) world.write(book, book);
    const { consumer } = await world.start({
      handlers: {
        'note.page.written': async ({ data: { text } }, { attempt }) => {
          if (books.indexOf(text) % 3 !== 0 && attempt === 1) throw new Error('the first time');
        },
      },
      breaker: BREAKER,
      retry: RETRY,
    });
    await world.clock.advance(1_000);
    assert.equal(consumer.health().breaker, 'closed');
    assert.deepEqual(world.metrics.calls.breaker, []);
    assert.equal(world.committed(HOME), 60);
  });

  test('one poisonous record does not open it, however often it is tried', async () => {
    await using world = new ConsumerWorld();
    const service = new Service();
    service.failure = new Error('poison');
    world.write('book', 'poison');
    await world.start({
      handlers: { 'note.page.written': service.handle },
      breaker: BREAKER,
      retry: { ...RETRY, maxAttempts: 20 },
    });
    await world.clock.advance(10_000);
    assert.deepEqual(world.metrics.calls.breaker, []);
    const reason = decodeDeadLetterHeaders(world.log.records(DLQ)[0]?.headers ?? []);
    assert.equal(reason?.attempts, 20);
  });
});
