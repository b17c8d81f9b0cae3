import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DependencyUnavailable } from '../errors.ts';
import { catalog, noteEvents, noteWritten, readers } from '../fixtures/catalog.ts';
import { booksOn, ConsumerWorld } from '../fixtures/consumer-rig.ts';
import type { TopicPartition, TopicPartitionOffset } from '../ports/record.ts';
import type { Projection, ProjectionBatch, ProjectionLimits, ProjectionStore } from './options.ts';
import { createProjection } from './projection.ts';

/** Rows that one transaction gathers: thrown away when it fails. */
type Rows = string[];

/** A store with the one promise that matters: rows and position change together or not at all. */
class MemoryStore implements ProjectionStore<Rows> {
  readonly rows: string[] = [];
  readonly #positions = new Map<string, number>();
  /** Called before a transaction commits; may throw. */
  beforeCommit: (rows: Rows) => Promise<void> | void = () => {};
  away = false;
  running = 0;
  mostRunning = 0;

  async positions(partitions: readonly TopicPartition[]): Promise<readonly TopicPartitionOffset[]> {
    this.#assertThere();
    return partitions.flatMap(({ topic, partition }) => {
      const offset = this.#positions.get(`${topic}/${partition}`);
      return offset === undefined ? [] : [{ topic, partition, offset }];
    });
  }

  async apply(batch: ProjectionBatch, work: (rows: Rows) => Promise<void>): Promise<boolean> {
    this.#assertThere();
    const rows: Rows = [];
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      await work(rows);
      await this.beforeCommit(rows);
    } finally {
      this.running -= 1;
    }
    const key = `${batch.topic}/${batch.partition}`;
    if (this.#positions.get(key) !== batch.from) return false;
    this.#positions.set(key, batch.to);
    this.rows.push(...rows);
    return true;
  }

  position(partition: number): number | undefined {
    return this.#positions.get(`${noteEvents.name}/${partition}`);
  }

  #assertThere(): void {
    if (this.away) throw new DependencyUnavailable('store');
  }
}

async function project(rows: Rows, batch: ProjectionBatch): Promise<void> {
  for (const { event, problem } of batch.records) {
    rows.push(
      event === undefined ? `? ${problem}` : (event.data as { readonly text: string }).text,
    );
  }
}

/** Runs a projection of the notes; `stop` lets it drain. */
function start(
  world: ConsumerWorld,
  store: MemoryStore,
  memberName = 'projector-1',
  limits: Partial<ProjectionLimits> = {},
) {
  const abort = new AbortController();
  const projection: Projection = createProjection<Rows>({
    catalog,
    group: readers,
    memberName,
    reader: world.log.reader(),
    coordinator: world.log.coordinator(),
    store,
    project,
    limits,
    clock: world.clock,
    logger: world.logger,
  });
  let ended = false;
  const running = projection.run(abort.signal).finally(() => {
    ended = true;
  });
  return {
    projection,
    stop: async () => {
      abort.abort();
      while (!ended) await world.clock.advance(1_000);
      await running;
    },
  };
}

const [book = ''] = booksOn(0, 1);

test('every record is a row once, and the position moves with it', async () => {
  await using world = new ConsumerWorld();
  const store = new MemoryStore();
  world.write(book, 'a', 'b');
  const running = start(world, store);
  await world.clock.advance(100);
  world.write(book, 'c');
  await world.clock.advance(2_000);
  assert.deepEqual(store.rows, ['a', 'b', 'c']);
  assert.equal(store.position(0), 3);
  assert.equal(world.committed(0), 3, 'the group is told, for tools');
  await running.stop();
});

test('the next start begins where the store is, whatever the group has committed', async () => {
  await using world = new ConsumerWorld();
  const store = new MemoryStore();
  world.write(book, 'a', 'b');
  const first = start(world, store);
  await world.clock.advance(1);
  world.log.faults.removeMember(readers.id, 'projector-1');
  await first.stop();
  assert.deepEqual(store.rows, ['a', 'b']);
  world.write(book, 'c');
  const second = start(world, store);
  await world.clock.advance(2_000);
  assert.deepEqual(store.rows, ['a', 'b', 'c']);
  await second.stop();
});

test('a record that cannot be read is told to the projection and moves the position', async () => {
  await using world = new ConsumerWorld();
  const store = new MemoryStore();
  world.write(book, 'a');
  const target = { topic: noteEvents.name, partition: 0 };
  world.log.store(target, [{ key: Buffer.from(book), value: Buffer.from('{'), headers: [] }]);
  world.write(book, 'b');
  const running = start(world, store);
  await world.clock.advance(1_000);
  assert.deepEqual(store.rows, ['a', '? missing-header', 'b']);
  assert.equal(store.position(0), 3);
  await running.stop();
});

test('while the store is away nothing is skipped, and it is said once', async () => {
  await using world = new ConsumerWorld();
  const store = new MemoryStore();
  const running = start(world, store);
  await world.clock.advance(1_000);
  store.away = true;
  world.write(book, 'a', 'b');
  await world.clock.advance(30_000);
  assert.deepEqual(store.rows, []);
  assert.ok((running.projection.health().failingForMs ?? 0) > 20_000);
  const told = world.logger.lines.filter(({ message }) => message.includes('cannot apply a batch'));
  assert.equal(told.length, 1);
  store.away = false;
  await world.clock.advance(6_000);
  assert.deepEqual(store.rows, ['a', 'b']);
  assert.equal(running.projection.health().failingForMs, undefined);
  await running.stop();
});

test('one who finds the position moved by another changes nothing, and goes on from there', async () => {
  await using world = new ConsumerWorld();
  const store = new MemoryStore();
  world.write(book, 'a');
  const running = start(world, store);
  await world.clock.advance(1_000);
  store.beforeCommit = async () => {
    store.beforeCommit = () => {};
    // What a member does that owns the partition by now.
    const batch = { topic: noteEvents.name, partition: 0, from: 1, to: 2, records: [] };
    assert.equal(await store.apply(batch, async (rows) => void rows.push('b by another')), true);
  };
  world.write(book, 'b');
  await world.clock.advance(1_000);
  world.write(book, 'c');
  await world.clock.advance(10_000);
  assert.deepEqual(store.rows, ['a', 'b by another', 'c']);
  await running.stop();
});

test('one whose own commit went through although it failed goes on at once', async () => {
  await using world = new ConsumerWorld();
  const store = new MemoryStore();
  const running = start(world, store);
  await world.clock.advance(1_000);
  store.beforeCommit = async () => {
    store.beforeCommit = () => {};
    const batch = { topic: noteEvents.name, partition: 0, from: undefined, to: 1, records: [] };
    assert.equal(await store.apply(batch, async (rows) => void rows.push('a')), true);
    throw new DependencyUnavailable('store');
  };
  world.write(book, 'a');
  await world.clock.advance(1_000);
  world.write(book, 'b');
  await world.clock.advance(1_000);
  assert.deepEqual(store.rows, ['a', 'b']);
  const told = world.logger.lines.map(({ message }) => message);
  assert.ok(told.some((message) => message.includes('although its commit failed')));
  assert.ok(!told.some((message) => message.includes('another member')));
  await running.stop();
});

test('one that gathers makes few transactions of many records, and of a full batch one at once', async () => {
  await using world = new ConsumerWorld();
  const store = new MemoryStore();
  const batches: number[] = [];
  store.beforeCommit = (rows) => void batches.push(rows.length);
  const running = start(world, store, 'projector-1', { gatherMs: 1_000, batchRecords: 5 });
  await world.clock.advance(5_000);
  for (const text of ['a', 'b', 'c']) {
    world.write(book, text);
    await world.clock.advance(100);
  }
  assert.deepEqual(batches, [1], 'the first need not wait for others');
  await world.clock.advance(1_000);
  assert.deepEqual(batches, [1, 2]);
  world.write(book, 'd', 'e', 'f', 'g', 'h');
  await world.clock.advance(100);
  assert.deepEqual(batches, [1, 2, 5]);
  world.write(book, 'i');
  await running.stop();
  assert.equal(world.clock.pendingTimers, 0);
});

test('a record that no try can apply holds up only what comes after it, and is named', async () => {
  await using world = new ConsumerWorld();
  const store = new MemoryStore();
  const texts = Array.from({ length: 20 }, (_, index) => `${index}`);
  store.beforeCommit = (rows) => {
    if (rows.includes('13')) throw new RangeError('the store cannot take this');
  };
  world.write(book, ...texts);
  const running = start(world, store, 'projector-1', { maxRetryDelayMs: 1_000 });
  await world.clock.advance(60_000);
  assert.deepEqual(store.rows, texts.slice(0, 13));
  assert.equal(store.position(0), 13);
  assert.ok((running.projection.health().failingForMs ?? 0) > 0);
  store.beforeCommit = () => {};
  await world.clock.advance(10_000);
  assert.deepEqual(store.rows, texts);
  await running.stop();
});

test('another cause of failing is said too', async () => {
  await using world = new ConsumerWorld();
  const store = new MemoryStore();
  store.away = true;
  world.write(book, 'a');
  const running = start(world, store);
  await world.clock.advance(20_000);
  assert.ok((running.projection.health().failingForMs ?? 0) > 15_000, 'also before the first read');
  const starts = world.logger.lines.filter(({ message }) => message.includes('where to start'));
  assert.equal(starts.length, noteEvents.partitions, 'once for each partition');
  store.beforeCommit = () => {
    throw store.rows.length === 0 ? new DependencyUnavailable('store') : new RangeError('broken');
  };
  store.away = false;
  await world.clock.advance(10_000);
  store.rows.push('another row');
  await world.clock.advance(10_000);
  const told = world.logger.lines.filter(({ message }) => message.includes('cannot apply a batch'));
  assert.equal(told.length, 2);
  store.beforeCommit = () => {};
  await running.stop();
});

test('so many transactions at a time, and every partition has its turn', async () => {
  await using world = new ConsumerWorld();
  const store = new MemoryStore();
  store.beforeCommit = async () => {
    const passed = Promise.withResolvers<void>();
    world.clock.setTimer(() => passed.resolve(), 100);
    await passed.promise;
  };
  const books = [0, 1, 2].flatMap((partition) => booksOn(partition, 1));
  for (const name of books)
    world.write(name, ...Array.from({ length: 6 }, (_, n) => `${name} ${n}`));
  const running = start(world, store, 'projector-1', { transactions: 2, batchRecords: 1 });
  await world.clock.advance(350);
  assert.deepEqual(new Set(store.rows.map((row) => row.split(' ')[0])), new Set(books));
  await world.clock.advance(2_000);
  assert.equal(store.rows.length, 18);
  assert.equal(store.mostRunning, 2);
  await running.stop();
});

test('a log that ends before the position is called what it is', async () => {
  await using world = new ConsumerWorld();
  const store = new MemoryStore();
  world.write(book, 'a', 'b', 'c');
  await (await startAndWait(world, store)).stop();
  world.log.faults.truncate({ topic: noteEvents.name, partition: 0, offset: 1 });
  const running = await startAndWait(world, store);
  world.write(book, 'd');
  await world.clock.advance(2_000);
  assert.deepEqual(store.rows, ['a', 'b', 'c', 'd']);
  assert.equal(store.position(0), 2);
  const told = world.logger.lines.map(({ message }) => message);
  assert.ok(told.some((message) => message.includes('it was cut, or made anew')));
  assert.ok(!told.some((message) => message.includes('were lost before')));
  await running.stop();
});

test('what retention removed is passed over, and said', async () => {
  await using world = new ConsumerWorld();
  const store = new MemoryStore();
  world.write(book, 'a');
  await (await startAndWait(world, store)).stop();
  world.write(book, 'b', 'c');
  world.log.faults.deleteBefore({ topic: noteEvents.name, partition: 0, offset: 2 });
  const running = await startAndWait(world, store);
  assert.deepEqual(store.rows, ['a', 'c']);
  assert.ok(world.logger.lines.some(({ message }) => message.includes('were lost before')));
  await running.stop();
});

async function startAndWait(world: ConsumerWorld, store: MemoryStore) {
  const running = start(world, store);
  await world.clock.advance(2_000);
  return running;
}

test('whatever fails and whoever comes and goes, every record is one row', async () => {
  const step = fc.constantFrom('write', 'fail', 'away', 'throw-out', 'start', 'stop', 'wait');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      await using world = new ConsumerWorld();
      const store = new MemoryStore();
      const written: string[] = [];
      const members: ReturnType<typeof start>[] = [start(world, store, 'projector-0')];
      for (const [index, what] of steps.entries()) {
        if (what === 'write') {
          for (const name of booksOn(index % 3, 2)) {
            const text = `${index} ${name}`;
            world.store(noteWritten({ book: name, text }));
            written.push(text);
          }
        } else if (what === 'fail') {
          store.beforeCommit = () => {
            store.beforeCommit = () => {};
            throw new Error('the transaction failed');
          };
        } else if (what === 'away') {
          store.away = !store.away;
        } else if (what === 'throw-out') {
          world.log.faults.removeMember(readers.id, 'projector-0');
        } else if (what === 'start' && members.length < 3) {
          members.push(start(world, store, `projector-${index}`));
        } else if (what === 'stop' && members.length > 1) {
          await members.pop()?.stop();
        }
        await world.clock.advance(what === 'wait' ? 3_000 : 50);
      }
      store.away = false;
      await world.clock.advance(30_000);
      assert.deepEqual([...store.rows].sort(), [...written].sort());
      for (const member of members) await member.stop();
    }),
    { numRuns: 60 },
  );
});
