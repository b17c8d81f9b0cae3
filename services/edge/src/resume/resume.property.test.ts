import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryLog, type MemoryLog, VirtualClock } from '@sori/stream/memory';
import fc from 'fast-check';
import type { EdgeLimits } from '../limits.ts';
import { GatedReader } from '../testing/gated-reader.ts';
import { notificationRecord } from '../testing/notifications.ts';
import { TestDevice } from '../testing/test-device.ts';
import { createTestEdge, TEST_TOPIC, type TestEdge } from '../testing/test-edge.ts';

const PARTITIONS = 3;
const USERS = ['ann', 'ben'];
const RUNS = 50;
/** Unless told so, fast-check makes short ones, in which little happens. */
const LENGTH = { minLength: 10, maxLength: 80, size: 'max' } as const;
/** Longer than a write tick. */
const ROUND_MS = 100;
const MOST_ROUNDS = 100;

type Step =
  | {
      readonly do: 'append';
      readonly partition: number;
      readonly recipients: readonly string[];
      readonly times: number;
    }
  /** Tells of an event again that was told of, in the partition where it was. */
  | { readonly do: 'append-copy'; readonly of: number }
  | {
      readonly do: 'hold' | 'release';
      readonly edge: number;
      readonly partitions: readonly number[];
    }
  | { readonly do: 'restart'; readonly edge: number }
  | {
      readonly do: 'connect';
      readonly user: number;
      readonly edge: number;
      readonly isReading: boolean;
    }
  | { readonly do: 'cut'; readonly user: number; readonly bytes: number }
  | { readonly do: 'stop-reading' | 'read'; readonly user: number }
  | { readonly do: 'pass'; readonly ms: number };

const edge = fc.nat(1);
const user = fc.nat(USERS.length - 1);
const partition = fc.nat(PARTITIONS - 1);
const partitions = fc.subarray([0, 1, 2], { minLength: 1 });
const ms = fc.integer({ min: 10, max: 30 });
const kind = <K extends Step['do']>(name: K): fc.Arbitrary<K> => fc.constant(name);

const recipients = fc.constantFrom(['ann'], ['ben'], USERS, USERS, []);
const times = fc.integer({ min: 1, max: 5 });
const append = fc.record({ do: kind('append'), partition, recipients, times });
const connect = fc.record({ do: kind('connect'), user, edge, isReading: fc.boolean() });
const step = fc.oneof<fc.WeightedArbitrary<Step>[]>(
  { weight: 10, arbitrary: append },
  { weight: 4, arbitrary: connect },
  { weight: 3, arbitrary: fc.record({ do: kind('hold'), edge, partitions }) },
  { weight: 3, arbitrary: fc.record({ do: kind('release'), edge, partitions }) },
  { weight: 1, arbitrary: fc.record({ do: kind('restart'), edge }) },
  { weight: 3, arbitrary: fc.record({ do: kind('cut'), user, bytes: fc.nat(600) }) },
  { weight: 1, arbitrary: fc.record({ do: kind('stop-reading'), user }) },
  { weight: 3, arbitrary: fc.record({ do: kind('read'), user }) },
  { weight: 8, arbitrary: fc.record({ do: kind('pass'), ms }) },
);
const copy = fc.record({ do: kind('append-copy'), of: fc.nat(100) });

/** Two edges on one log, and a device of each person, which remembers where it began. */
class World implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly log: MemoryLog = createMemoryLog({
    topics: { [TEST_TOPIC]: PARTITIONS },
    clock: this.clock,
  });
  readonly #limits: Partial<EdgeLimits>;
  readonly #edges: { reader: GatedReader; edge: TestEdge; isReady: boolean }[] = [];
  readonly devices = USERS.map((id) => new TestDevice(id));
  /** What was appended, in order. */
  readonly appended: { partition: number; recipients: readonly string[]; sourceId: string }[] = [];

  constructor(limits: Partial<EdgeLimits>) {
    this.#limits = limits;
  }

  async start(): Promise<void> {
    for (const index of [0, 1]) this.#startEdge(index);
    await this.clock.settle();
  }

  async run(step: Step): Promise<void> {
    switch (step.do) {
      case 'append':
        for (let time = 0; time < step.times; time++) {
          this.#append(step.partition, step.recipients, `event-${this.appended.length}`);
        }
        break;
      case 'append-copy': {
        const first = this.appended[step.of];
        if (first !== undefined) this.#append(first.partition, first.recipients, first.sourceId);
        break;
      }
      case 'hold':
        for (const held of step.partitions) this.#edges[step.edge]?.reader.hold(held);
        break;
      case 'release':
        for (const held of step.partitions) this.#edges[step.edge]?.reader.release(held);
        break;
      case 'restart':
        await this.#edges[step.edge]?.edge[Symbol.asyncDispose]();
        for (const device of this.#devicesOn(step.edge)) device.cut();
        this.#startEdge(step.edge);
        break;
      case 'connect':
        this.#connect(step.user, step.edge);
        if (!step.isReading) this.devices[step.user]?.stopReading();
        break;
      case 'cut':
        this.devices[step.user]?.cut(step.bytes);
        break;
      case 'stop-reading':
        this.devices[step.user]?.stopReading();
        break;
      case 'read':
        this.devices[step.user]?.read();
        break;
      case 'pass':
        await this.clock.advance(step.ms);
        break;
      default:
        step satisfies never;
    }
  }

  /** Everything is released, and everybody reads up to the end. */
  async finish(): Promise<void> {
    for (const { reader } of this.#edges) {
      for (let partition = 0; partition < PARTITIONS; partition++) reader.release(partition);
    }
    let before = -1;
    for (let round = 0, quiet = 0; quiet < 2; round++) {
      assert.ok(round < MOST_ROUNDS, 'everybody catches up in the end');
      await this.clock.advance(ROUND_MS);
      for (const [index, device] of this.devices.entries()) {
        if (device.isConnected) device.read();
        else this.#connect(index, round % 2);
      }
      const frames = this.devices.reduce((sum, device) => sum + device.frames.length, 0);
      const isQuiet = frames === before && this.devices.every((device) => device.isConnected);
      quiet = isQuiet ? quiet + 1 : 0;
      before = frames;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { edge } of this.#edges) await edge[Symbol.asyncDispose]();
    await this.log[Symbol.asyncDispose]();
  }

  readonly #homes = new Map<TestDevice, number>();

  #devicesOn(index: number): readonly TestDevice[] {
    return this.devices.filter((device) => this.#homes.get(device) === index);
  }

  #connect(user: number, index: number): void {
    const device = this.devices[user];
    const home = this.#edges[index];
    if (device === undefined || home === undefined || !home.isReady) return;
    this.#homes.set(device, index);
    device.connect(home.edge.delivery);
  }

  #append(partition: number, recipients: readonly string[], sourceId: string): void {
    const data = { n: this.appended.length };
    this.appended.push({ partition, recipients, sourceId });
    const record = notificationRecord({ recipients, sourceId, data });
    this.log.store({ topic: TEST_TOPIC, partition }, [record]);
  }

  #startEdge(index: number): void {
    const reader = new GatedReader(this.log.reader());
    const edge = createTestEdge(reader, this.clock, this.#limits);
    const home = { reader, edge, isReady: false };
    this.#edges[index] = home;
    void edge.delivery.reader.start().then(() => {
      home.isReady = true;
    });
  }
}

/** Runs the steps to the end, and gives back the world. */
async function play(steps: readonly Step[], limits: Partial<EdgeLimits>): Promise<World> {
  const world = new World(limits);
  await world.start();
  for (const each of steps) {
    await world.run(each);
    await world.clock.settle();
  }
  await world.finish();
  return world;
}

/** Where a device began to follow the feed: with its first id, or the first after its last reset. */
function told(device: TestDevice): readonly { readonly n: number; readonly sourceId: string }[] {
  const reset = device.frames.findLastIndex(({ event }) => event === 'reset');
  return device.frames.slice(reset + 1).map(({ data }) => {
    const { id, data: inner } = data as { id: string; data: { n: number } };
    return { n: inner.n, sourceId: id };
  });
}

/** What a person was to be told from `start` on, by partition: numbers of what was appended. */
function due(world: World, userId: string, start: readonly number[]): readonly number[][] {
  const offsets = Array.from({ length: PARTITIONS }, () => 0);
  const numbers: number[][] = Array.from({ length: PARTITIONS }, () => []);
  for (const [n, { partition, recipients }] of world.appended.entries()) {
    const offset = offsets[partition] ?? 0;
    offsets[partition] = offset + 1;
    if (recipients.includes(userId) && offset >= (start[partition] ?? 0))
      numbers[partition]?.push(n);
  }
  return numbers;
}

function byPartition(world: World, numbers: readonly number[]): readonly number[][] {
  return Array.from({ length: PARTITIONS }, (_, partition) =>
    numbers.filter((n) => world.appended[n]?.partition === partition),
  );
}

/** A replay takes several turns, and nobody is turned away. */
const SMALL: Partial<EdgeLimits> = { replayWindowBytes: 600, logReplays: 100 };

const RINGS: readonly (readonly [string, Partial<EdgeLimits>])[] = [
  ['all is in the ring', {}],
  ['the ring holds a few frames, the log the rest', { ringBytes: 6_000 }],
  ['the ring holds nothing', { ringBytes: 0 }],
  ['an edge starts with nothing', { warmUpRecords: 0 }],
];

for (const [name, limits] of RINGS) {
  test(`each is told all that is addressed to them, once, in order: ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, LENGTH), async (steps) => {
        await using world = await play(steps, { ...SMALL, ...limits });
        for (const device of world.devices) {
          const [start = ''] = device.ids;
          assert.ok(!device.frames.some(({ event }) => event === 'reset'), 'nobody starts anew');
          const numbers = told(device).map(({ n }) => n);
          assert.deepEqual(
            byPartition(world, numbers),
            due(world, device.userId, start.split('.').map(Number)),
          );
        }
      }),
      { numRuns: RUNS },
    );
  });
}

test('what is told again in the log is told once, and after a reset nothing is missing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 4, arbitrary: step }, { weight: 1, arbitrary: copy }), {
        ...LENGTH,
      }),
      async (steps) => {
        await using world = await play(steps, SMALL);
        for (const device of world.devices) {
          const ids = told(device).map(({ sourceId }) => sourceId);
          assert.equal(new Set(ids).size, ids.length, 'nothing is told twice');
          const [start = ''] = device.ids;
          const sources = due(world, device.userId, start.split('.').map(Number))
            .flat()
            .filter((n) => isFirst(world, n))
            .map((n) => world.appended[n]?.sourceId);
          assert.deepEqual(
            sources.filter((id) => !ids.includes(String(id))),
            [],
          );
        }
      },
    ),
    { numRuns: RUNS },
  );
});

function isFirst(world: World, n: number): boolean {
  const { sourceId } = world.appended[n] ?? {};
  return world.appended.findIndex((other) => other.sourceId === sourceId) === n;
}
