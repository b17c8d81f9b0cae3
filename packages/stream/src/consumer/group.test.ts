import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { noteEvents, readers } from '../fixtures/catalog.ts';
import {
  booksOn,
  ConsumerWorld,
  ManualHandler,
  type RunningConsumer,
} from '../fixtures/consumer-rig.ts';

const PARTITIONS = [0, 1, 2];
const [book] = booksOn(2, 1) as [string];

function partitionsOf({ consumer }: RunningConsumer): readonly number[] {
  return consumer
    .health()
    .assignment.map(({ partition }) => partition)
    .toSorted();
}

describe('a member joins', () => {
  test('running handlers are drained, what is done is committed, the rest goes on elsewhere', async () => {
    await using world = new ConsumerWorld();
    const manual = new ManualHandler();
    world.write(book, '1', '2');
    const first = await world.start({
      memberName: 'a',
      handlers: { 'note.page.written': manual.handle },
    });
    assert.deepEqual(manual.started, ['1']);
    const next = new ManualHandler();
    const second = await world.start({
      memberName: 'b',
      handlers: { 'note.page.written': next.handle },
    });
    await world.clock.advance(1_000);
    assert.equal(first.consumer.health().state, 'draining');
    assert.equal(second.consumer.health().state, 'joining');
    manual.finish('1');
    await world.clock.settle();
    // Nothing new was started while it drained, and the next owner starts where it ended.
    assert.deepEqual(manual.started, ['1']);
    assert.deepEqual(next.started, ['2']);
    assert.equal(world.committed(2), 1);
    assert.deepEqual(partitionsOf(first), [0, 1]);
    assert.deepEqual(partitionsOf(second), [2]);
    next.finish('2');
  });

  test('a drain fills the gaps below what is done, and starts nothing above', async () => {
    await using world = new ConsumerWorld();
    const [one, other, third] = booksOn(2, 3) as [string, string, string];
    const manual = new ManualHandler();
    world.write(one, '1', '2');
    world.write(other, '3');
    world.write(third, '4');
    const first = await world.start({
      handlers: { 'note.page.written': manual.handle },
      limits: { concurrency: 2 },
    });
    assert.deepEqual(manual.started, ['1', '3']);
    first.abort();
    await world.clock.settle();
    manual.finish('3');
    await world.clock.settle();
    assert.deepEqual(manual.running, ['1'], '4 lies above all that was started');
    manual.finish('1');
    await world.clock.settle();
    assert.deepEqual(manual.running, ['2'], 'it lies below 3, which is done');
    manual.finish('2');
    await first.stop();
    assert.equal(world.committed(2), 3);
  });

  test('what does not end in the drain time is let go; its late end changes nothing', async () => {
    await using world = new ConsumerWorld();
    const manual = new ManualHandler();
    world.write(book, 'slow');
    await world.start({
      memberName: 'a',
      handlers: { 'note.page.written': manual.handle },
      limits: { drainMs: 2_000 },
    });
    const next = new ManualHandler();
    await world.start({ memberName: 'b', handlers: { 'note.page.written': next.handle } });
    await world.clock.advance(1_999);
    assert.equal(manual.contexts[0]?.signal.aborted, false);
    await world.clock.advance(1);
    assert.equal(manual.contexts[0]?.signal.aborted, true);
    assert.deepEqual(next.started, ['slow']);
    manual.finish('slow');
    await world.clock.advance(1_000);
    assert.equal(world.committed(2), 0);
    assert.equal(world.metrics.calls.handled.length, 0);
    next.finish('slow');
    await world.clock.advance(300);
    assert.equal(world.committed(2), 1);
    assert.equal(world.metrics.calls.handled.length, 1);
  });

  test('a late failure is not dead-lettered, and not tried again', async () => {
    await using world = new ConsumerWorld();
    const manual = new ManualHandler();
    world.write(book, 'slow');
    await world.start({
      memberName: 'a',
      handlers: { 'note.page.written': manual.handle },
      limits: { drainMs: 2_000 },
    });
    const next = new ManualHandler();
    await world.start({ memberName: 'b', handlers: { 'note.page.written': next.handle } });
    await world.clock.advance(2_000);
    manual.fail('slow', Object.assign(new Error('too late'), { retryable: false }));
    await world.clock.advance(60_000);
    assert.deepEqual(manual.started, ['slow']);
    assert.deepEqual(world.log.records(`${noteEvents.name}.dlq`), []);
    next.finish('slow');
  });

  test('partitions that stay go on where they were: nothing is handled twice', async () => {
    await using world = new ConsumerWorld();
    const manual = new ManualHandler();
    const [kept, other] = booksOn(0, 2) as [string, string];
    world.write(kept, 'fails');
    world.write(other, 'slow');
    await world.start({
      memberName: 'a',
      handlers: { 'note.page.written': manual.handle },
      limits: { drainMs: 1_000 },
      retry: { initialDelayMs: 5_000, maxDelayMs: 5_000, jitter: 0 },
    });
    manual.fail('fails');
    await world.start({ memberName: 'b', handlers: { 'note.page.written': async () => {} } });
    await world.clock.advance(1_000);
    assert.equal(manual.contexts[1]?.signal.aborted, false);
    manual.finish('slow');
    await world.clock.advance(4_000);
    assert.deepEqual(manual.started, ['fails', 'slow', 'fails']);
    assert.equal(manual.contexts[2]?.attempt, 2);
    manual.finish('fails');
    await world.clock.advance(300);
    assert.equal(world.committed(0), 2);
  });
});

describe('a member is lost', () => {
  test('everything is let go at once and nothing committed; it starts again from the commit', async () => {
    await using world = new ConsumerWorld();
    const manual = new ManualHandler();
    world.write(book, '1', '2');
    const running = await world.start({ handlers: { 'note.page.written': manual.handle } });
    manual.finish('1');
    await world.clock.settle();
    world.log.faults.removeMember(readers.id, 'reader-1');
    await world.clock.settle();
    assert.equal(world.committed(2), undefined);
    assert.equal(manual.contexts[1]?.signal.aborted, true);
    assert.deepEqual(partitionsOf(running), PARTITIONS);
    // The end of the old call counts for nothing: the new one must end.
    assert.deepEqual(manual.started, ['1', '2', '1']);
    manual.finish('1');
    await world.clock.settle();
    manual.finish('2');
    await world.clock.advance(300);
    assert.equal(world.committed(2), 2);
    assert.ok(
      world.logger.messages('warn').includes('partitions lost; nothing of them is committed'),
    );
  });

  test('lost in the middle of a drain, the next generation drains anew', async () => {
    await using world = new ConsumerWorld();
    const manual = new ManualHandler();
    world.write(book, '1');
    const running = await world.start({
      memberName: 'b',
      handlers: { 'note.page.written': manual.handle },
      limits: { drainMs: 10_000 },
    });
    await world.start({ memberName: 'a', handlers: { 'note.page.written': async () => {} } });
    assert.equal(running.consumer.health().state, 'draining');
    world.log.faults.removeMember(readers.id, 'b');
    await world.clock.settle();
    assert.equal(running.consumer.health().state, 'running');
    assert.deepEqual(partitionsOf(running), [2]);
    // The other member had the partition in between, and handled what this one let go of.
    assert.equal(world.committed(2), 1);
    world.write(book, '2');
    await world.clock.settle();
    assert.deepEqual(manual.started, ['1', '2']);
    await world.start({ memberName: 'c', handlers: { 'note.page.written': async () => {} } });
    assert.equal(running.consumer.health().state, 'draining');
    manual.finish('2');
    await world.clock.advance(300);
    assert.equal(world.committed(2), 2);
    assert.equal(running.consumer.health().state, 'running');
  });

  test('a paused partition that starts over is read again', async () => {
    await using world = new ConsumerWorld();
    const manual = new ManualHandler();
    world.write(book, '1', '2', '3');
    await world.start({
      handlers: { 'note.page.written': manual.handle },
      limits: { undoneRecords: 3 },
    });
    world.log.faults.removeMember(readers.id, 'reader-1');
    await world.clock.settle();
    assert.deepEqual(manual.started, ['1', '1']);
    for (const text of ['1', '2', '3']) {
      manual.finish(text);
      await world.clock.settle();
    }
    await world.clock.advance(300);
    assert.equal(world.committed(2), 3);
  });

  test('an isolated member lets go by itself when its session is over', async () => {
    await using world = new ConsumerWorld();
    const manual = new ManualHandler();
    world.write(book, '1');
    const zombie = await world.start({
      memberName: 'zombie',
      handlers: { 'note.page.written': manual.handle },
    });
    const isolation = world.log.faults.isolateMember(readers.id, 'zombie');
    const next = new ManualHandler();
    const heir = await world.start({
      memberName: 'heir',
      handlers: { 'note.page.written': next.handle },
    });
    await world.clock.advance(11_000);
    assert.deepEqual(partitionsOf(zombie), []);
    assert.deepEqual(partitionsOf(heir), PARTITIONS);
    assert.deepEqual(next.started, ['1']);
    manual.finish('1');
    await world.clock.advance(1_000);
    assert.equal(world.committed(2) ?? 0, 0);
    next.finish('1');
    await world.clock.advance(300);
    assert.equal(world.committed(2), 1);
    isolation[Symbol.dispose]();
    await world.clock.advance(1_000);
    assert.deepEqual([...partitionsOf(zombie), ...partitionsOf(heir)].toSorted(), PARTITIONS);
  });
});

describe('stop', () => {
  test('finishes what runs, commits it, and leaves, so that others take over at once', async () => {
    await using world = new ConsumerWorld();
    const manual = new ManualHandler();
    world.write(book, '1', '2');
    const running = await world.start({
      memberName: 'b',
      handlers: { 'note.page.written': manual.handle },
    });
    const other = await world.start({
      memberName: 'a',
      handlers: { 'note.page.written': async () => {} },
    });
    manual.finish('1');
    await world.clock.settle();
    assert.deepEqual(partitionsOf(running), [2]);
    running.abort();
    await world.clock.advance(1_000);
    assert.equal(running.ended, false);
    assert.deepEqual(partitionsOf(other), [0, 1]);
    manual.finish('2');
    await world.clock.settle();
    assert.equal(running.ended, true);
    assert.equal(running.failure, undefined);
    assert.equal(world.committed(2), 2);
    assert.deepEqual(partitionsOf(other), PARTITIONS);
    assert.deepEqual(
      world.log.group(readers.id).members.map(({ name }) => name),
      ['a'],
    );
  });

  test('a hung handler holds it up for the drain time only', async () => {
    await using world = new ConsumerWorld();
    const manual = new ManualHandler();
    world.write(book, 'hangs');
    const running = await world.start({
      handlers: { 'note.page.written': manual.handle },
      limits: { drainMs: 3_000 },
    });
    running.abort();
    await world.clock.advance(2_999);
    assert.equal(running.ended, false);
    await world.clock.advance(1);
    assert.equal(running.ended, true);
    assert.equal(manual.contexts[0]?.signal.aborted, true);
    assert.equal(world.committed(2), 0);
  });

  test('before it has joined, it just ends', async () => {
    await using world = new ConsumerWorld();
    const handlers = { 'note.page.written': async () => {} };
    const manual = new ManualHandler();
    world.write(book, 'slow');
    await world.start({ memberName: 'a', handlers: { 'note.page.written': manual.handle } });
    const waits = await world.start({ memberName: 'b', handlers });
    assert.equal(waits.consumer.health().state, 'joining');
    waits.abort();
    await world.clock.settle();
    assert.equal(waits.ended, true);
    assert.equal(waits.failure, undefined);
    manual.finish('slow');
  });

  test('a group with another assignor refuses it, and run says so', async () => {
    await using world = new ConsumerWorld();
    const handlers = { 'note.page.written': async () => {} };
    await world.start({ memberName: 'a', handlers });
    const assignor = { name: 'other', assign: () => new Map() };
    const refused = await world.start({ memberName: 'b', handlers, assignor });
    assert.equal((refused.failure as Error).name, 'LogError');
  });
});

test('members come and go, handlers fail and hang: every record is handled, per key in order', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('write' as const), book: fc.nat(7) }),
    fc.record({ do: fc.constantFrom('start', 'stop', 'remove', 'isolate'), pick: fc.nat(2) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.nat(), async (steps, seed) => {
      await using world = new ConsumerWorld();
      const handled = new Map<string, number[]>();
      const written = new Map<string, number>();
      const members = new Map<string, RunningConsumer>();
      let calls = seed;
      const start = async (name: string) => {
        if (members.get(name)?.ended === false) return;
        const member = await world.start({
          memberName: name,
          limits: { drainMs: 1_000, undoneRecords: 4 },
          retry: { initialDelayMs: 50, maxAttempts: 50 },
          breaker: { minimumRecords: 1_000, windowRecords: 1_000 },
          handlers: {
            'note.page.written': async ({ data: { book: of, text } }, { signal }) => {
              calls += 1;
              if (calls % 5 === 0) throw new Error('now and then');
              const { promise, resolve } = Promise.withResolvers<void>();
              world.clock.setTimer(resolve, (calls * 37) % 400);
              await promise;
              if (signal.aborted) return;
              const list = handled.get(of) ?? [];
              list.push(Number(text));
              handled.set(of, list);
            },
          },
        });
        members.set(name, member);
      };
      for (const each of steps) {
        if (each.do === 'write') {
          const of = `book-${each.book}`;
          const number = written.get(of) ?? 0;
          written.set(of, number + 1);
          world.write(of, `${number}`);
        } else if (each.do === 'wait') {
          await world.clock.advance(each.ms);
        } else {
          const name = `member-${each.pick}`;
          if (each.do === 'start') await start(name);
          if (each.do === 'stop') members.get(name)?.abort();
          if (each.do === 'remove') world.log.faults.removeMember(readers.id, name);
          if (each.do === 'isolate') {
            using _cut = world.log.faults.isolateMember(readers.id, name);
            await world.clock.advance(12_000);
          }
        }
      }
      await world.clock.advance(30_000);
      await start('member-last');
      await world.clock.advance(30_000);
      for (const [of, count] of written) {
        const numbers = handled.get(of) ?? [];
        // A redelivery starts again at an earlier record, and from there in order, without a gap.
        numbers.forEach((number, index) => {
          assert.ok(number <= (numbers[index - 1] ?? -1) + 1, `${of}: ${numbers.join()}`);
        });
        assert.equal(new Set(numbers).size, count, `${of}: ${numbers.join()} of ${count}`);
      }
      for (const partition of PARTITIONS) {
        const end = world.log.records(noteEvents.name, partition).length;
        assert.equal(world.committed(partition) ?? 0, end);
      }
    }),
    { numRuns: 40 },
  );
});

test('handed over in the middle of its work, a partition is handled on with nothing done twice', async () => {
  const record = fc.record({ book: fc.nat(4), takes: fc.nat(20) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(60),
      async (records, concurrency, stopAt) => {
        await using world = new ConsumerWorld();
        const books = booksOn(1, 5);
        const handled: string[] = [];
        const written = records.map(({ book: index }, n) => {
          world.write(books[index] ?? book, `${n}`);
          return `${n}`;
        });
        const member = {
          limits: { concurrency },
          handlers: {
            'note.page.written': async ({ data }: { data: { text: string } }) => {
              const { promise, resolve } = Promise.withResolvers<void>();
              world.clock.setTimer(resolve, records[Number(data.text)]?.takes ?? 0);
              await promise;
              handled.push(data.text);
            },
          },
        };
        const first = await world.start({ memberName: 'a', ...member });
        await world.clock.advance(stopAt);
        await first.stop();
        await world.start({ memberName: 'b', ...member });
        await world.clock.advance(10_000);
        assert.deepEqual(handled.toSorted(), written.toSorted());
      },
    ),
    { numRuns: 100 },
  );
});
