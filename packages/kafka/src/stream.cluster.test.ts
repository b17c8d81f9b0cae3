import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { partitionForKey } from '@sori/contract';
import {
  type CommitOptions,
  createConsumer,
  createPublisher,
  decodeDeadLetterHeaders,
  type HandlerContext,
  type LogRecord,
  type Publisher,
} from '@sori/stream';
import { createKafka, type Kafka } from './kafka.ts';
import { GroupRequests } from './membership/group-requests.ts';
import { createNetworkFaults } from './network-faults.ts';
import { RecordedEvents } from './recorded-events.ts';
import { createRecordingSink } from './recording-sink.ts';
import { createTestStream, type TestStream } from './test-stream.ts';
import { createTestTopics, type TestTopics, testCluster } from './test-topics.ts';

/** Of the members that are cut off here; the shortest that the test cluster allows is 1 s. */
const SHORT_SESSION_MS = 1_500;

interface Handled {
  readonly member: string;
  readonly key: string;
  readonly sequence: number;
}

describe('publisher and consumer on Kafka', () => {
  const cluster = testCluster();
  let topics: TestTopics;
  let kafka: Kafka;

  before(() => {
    topics = createTestTopics(cluster);
    kafka = createKafka(cluster);
  });
  after(async () => {
    await kafka[Symbol.asyncDispose]();
    await topics[Symbol.asyncDispose]();
  });

  function publisherOf({ catalog }: TestStream): Publisher {
    const { logger } = cluster;
    return createPublisher({ catalog, log: kafka.writer(), source: '/test', logger });
  }

  /** A member that runs until it is stopped, as a process of its own would. */
  function startMember(
    stream: TestStream,
    publisher: Publisher,
    given: {
      readonly name: string;
      readonly handle: (event: Omit<Handled, 'member'>, context: HandlerContext) => Promise<void>;
      readonly commit?: CommitOptions;
      readonly sessionTimeoutMs?: number;
    },
  ) {
    const own = createKafka(cluster);
    const stop = new AbortController();
    const consumer = createConsumer({
      catalog: stream.catalog,
      group: stream.group,
      memberName: given.name,
      reader: own.reader(),
      coordinator: own.coordinator(),
      publisher,
      handlers: {
        [stream.numbered.type]: (
          { data }: { data: Omit<Handled, 'member'> },
          context: HandlerContext,
        ) => given.handle(data, context),
      },
      ...(given.commit === undefined ? {} : { commit: given.commit }),
      limits: { sessionTimeoutMs: given.sessionTimeoutMs ?? 6_000, drainMs: 3_000 },
      logger: cluster.logger,
    });
    const running = consumer.run(stop.signal);
    return {
      consumer,
      async stop() {
        stop.abort();
        await running;
        await own[Symbol.asyncDispose]();
      },
    };
  }

  /** The records of a topic from its beginning, once there are `count`. */
  async function readAll(topic: string, count: number): Promise<readonly LogRecord[]> {
    const sink = createRecordingSink();
    await using subscription = kafka.reader().open({ sink });
    const partitions = await kafka.reader().partitionCount(topic);
    for (let partition = 0; partition < partitions; partition++) {
      subscription.assign({ topic, partition, offset: 0 });
    }
    await sink.until(() => sink.allRecords().length >= count);
    return sink.allRecords();
  }

  test('20,000 records while members come and go: none lost, none twice, each key in order', async () => {
    const records = 20_000;
    const keys = 300;
    const ahead = 2_000;
    const stream = await createTestStream(topics, 10);
    await using publisher = publisherOf(stream);
    const handled = new RecordedEvents<Handled>();
    const start = (name: string) =>
      startMember(stream, publisher, {
        name,
        async handle({ key, sequence }) {
          handled.add({ member: name, key, sequence });
          await workFor(1);
        },
      });
    const members = new Map(['a', 'b', 'c'].map((name) => [name, start(name)]));
    const stop = async (name: string) => {
      await members.get(name)?.stop();
      members.delete(name);
    };

    async function publishAll() {
      const acknowledged: Promise<unknown>[] = [];
      for (let n = 0; n < records; n++) {
        if (n % 500 === 0) await handled.until(() => handled.all.length >= n - ahead);
        const draft = stream.numbered({ key: `room-${n % keys}`, sequence: Math.floor(n / keys) });
        acknowledged.push(publisher.publish(draft));
      }
      await Promise.all(acknowledged);
    }

    async function changeMembers() {
      const after = (count: number) => handled.until(() => handled.all.length >= count);
      await after(3_000);
      members.set('d', start('d'));
      await after(7_000);
      await stop('b');
      await after(11_000);
      members.set('e', start('e'));
      await after(15_000);
      await Promise.all([stop('a'), stop('d')]);
    }

    await Promise.all([publishAll(), changeMembers()]);
    await handled.until(() => handled.all.length >= records);
    await Promise.all(Array.from(members.keys(), stop));

    assert.equal(handled.all.length, records);
    assertInOrder(handled.all);
    const workers = new Set(handled.all.map(({ member }) => member));
    assert.deepEqual(Array.from(workers).sort(), ['a', 'b', 'c', 'd', 'e']);
    await using requests = new GroupRequests(cluster, stream.group.id);
    const ends = await kafka.reader().listOffsets([stream.topic.name], 'latest');
    const committed = await requests.committed(ends);
    assert.deepEqual(
      committed.map((partition) => partition.committed),
      ends.map(({ offset }) => offset),
    );
  });

  test('a key is on the partition that a Java producer would choose', async () => {
    const stream = await createTestStream(topics, 10);
    await using publisher = publisherOf(stream);
    const keys = ['123', 'room-1', '방', '', ...Array.from({ length: 200 }, (_, n) => `k${n}`)];
    const published = await Promise.all(
      keys.map((key) => publisher.publish(stream.numbered({ key, sequence: 0 }))),
    );
    // The Java client's own answer, among its golden vectors too.
    assert.equal(published[0]?.partition, 5);
    const stored = await readAll(stream.topic.name, keys.length);
    const partitionOf = new Map(stored.map(({ key, partition }) => [key?.toString(), partition]));
    for (const [index, key] of keys.entries()) {
      const expected = partitionForKey(Buffer.from(key), stream.topic.partitions);
      assert.equal(published[index]?.partition, expected);
      assert.equal(partitionOf.get(key), expected);
    }
  });

  test('what cannot be handled is a dead letter that Spring reads; the rest goes on', async () => {
    const stream = await createTestStream(topics, 2);
    await using publisher = publisherOf(stream);
    const handled = new RecordedEvents<Handled>();
    const member = startMember(stream, publisher, {
      name: 'a',
      async handle({ key, sequence }) {
        if (sequence === 3) {
          throw Object.assign(new Error('no such room'), { code: 'NO_ROOM', retryable: false });
        }
        handled.add({ member: 'a', key, sequence });
      },
    });
    const published = [];
    for (let sequence = 0; sequence < 6; sequence++) {
      published.push(await publisher.publish(stream.numbered({ key: 'room-1', sequence })));
    }
    const foreign = { key: Buffer.from('room-1'), value: Buffer.from('{'), headers: [] };
    await publisher.append({ topic: stream.topic.name }, foreign, 'foreign');

    const letters = await readAll(stream.deadLetters.name, 2);
    await handled.until(() => handled.all.length >= 5);
    await member.stop();
    assert.deepEqual(
      handled.all.map(({ sequence }) => sequence),
      [0, 1, 2, 4, 5],
    );
    const [letter, ofForeign] = letters;
    assert.ok(letter !== undefined && ofForeign !== undefined);
    assert.deepEqual(JSON.parse(letter.value?.toString() ?? ''), { key: 'room-1', sequence: 3 });
    assert.equal(letter.key?.toString(), 'room-1');
    const header = (name: string): Buffer =>
      letter.headers.find(({ key }) => key === name)?.value ?? assert.fail(`no header ${name}`);
    // As spring-kafka's DeadLetterPublishingRecoverer writes them.
    assert.equal(header('kafka_dlt-original-topic').toString(), stream.topic.name);
    assert.equal(header('kafka_dlt-original-partition').readInt32BE(), published[3]?.partition);
    assert.equal(header('kafka_dlt-original-offset').readBigInt64BE(), 3n);
    assert.equal(header('kafka_dlt-original-timestamp-type').toString(), 'CreateTime');
    assert.equal(header('kafka_dlt-original-consumer-group').toString(), stream.group.id);
    assert.equal(header('kafka_dlt-exception-fqcn').toString(), 'NO_ROOM');
    assert.equal(header('kafka_dlt-exception-message').toString(), 'no such room');
    assert.ok(header('kafka_dlt-original-timestamp').readBigInt64BE() > 0n);
    assert.equal(decodeDeadLetterHeaders(letter.headers)?.attempts, 1);
    assert.equal(ofForeign.value?.toString(), '{');
    assert.equal(decodeDeadLetterHeaders(ofForeign.headers)?.originalOffset, 6);
  });

  /**
   * A member dies with one of ten records still in its handler, once the others are committed as far
   * as its mode commits them; another takes over. What did the other handle again?
   */
  async function handledAfterACrash(
    commit: CommitOptions,
    committedBeforeCrash: number,
  ): Promise<readonly number[]> {
    const stream = await createTestStream(topics, 1);
    await using publisher = publisherOf(stream);
    for (let sequence = 0; sequence < 10; sequence++) {
      await publisher.publish(stream.numbered({ key: `room-${sequence}`, sequence }));
    }
    using faults = createNetworkFaults();
    const dead = Promise.withResolvers<void>();
    const first = faults.run(() =>
      startMember(stream, publisher, {
        name: 'first',
        handle: ({ sequence }) => (sequence === 4 ? dead.promise : Promise.resolve()),
        commit,
        sessionTimeoutMs: SHORT_SESSION_MS,
      }),
    );
    await using requests = new GroupRequests(cluster, stream.group.id);
    const source = { topic: stream.topic.name, partition: 0 };
    await eventually(async () => {
      const [partition] = await requests.committed([source]);
      return partition?.committed === committedBeforeCrash;
    });
    faults.cut();

    const handled = new RecordedEvents<Handled>();
    const second = startMember(stream, publisher, {
      name: 'second',
      async handle({ key, sequence }) {
        handled.add({ member: 'second', key, sequence });
      },
    });
    await publisher.publish(stream.numbered({ key: 'last', sequence: 10 }));
    await handled.until(() => handled.all.some(({ sequence }) => sequence === 10));
    dead.resolve();
    await Promise.all([first.stop(), second.stop()]);
    return handled.all.map(({ sequence }) => sequence).sort((a, b) => a - b);
  }

  test('manual commits: what a dead member had not done is handled by another', async () => {
    const again = await handledAfterACrash({ mode: 'manual', intervalMs: 100 }, 4);
    assert.deepEqual(again, [4, 5, 6, 7, 8, 9, 10]);
  });

  test('auto commits: what a dead member had begun is lost', async () => {
    const again = await handledAfterACrash({ mode: 'auto', intervalMs: 100 }, 10);
    assert.deepEqual(again, [10]);
  });
});

function assertInOrder(handled: readonly Handled[]): void {
  const last = new Map<string, number>();
  for (const { key, sequence } of handled) {
    assert.equal(sequence, (last.get(key) ?? -1) + 1, `${key} goes on with its next number`);
    last.set(key, sequence);
  }
}

async function workFor(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, ms);
  await promise;
}

const LIMIT_MS = 60_000;
const POLL_MS = 20;

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, 'it did not happen in time');
    await workFor(POLL_MS);
  }
}
