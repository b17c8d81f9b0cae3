import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ProduceAcks, Producer } from '@platformatic/kafka';
import { type ClusterView, createClusterView } from '../cluster-view.ts';
import { clientOptions, type KafkaOptions } from '../connection.ts';
import { createNetworkFaults } from '../network-faults.ts';
import { createLogReader } from '../reader/log-reader.ts';
import { createRecordingSink } from '../recording-sink.ts';
import { createTestTopics, type TestTopics, testCluster } from '../test-topics.ts';
import { createLogWriter } from './log-writer.ts';

const TOO_LARGE = Buffer.alloc(20_000);

/**
 * Why every partition has a producer of its own. If the last test here fails after an update of the
 * client, that may have become unnecessary.
 */
describe('two lanes, one of which fails while the other waits for metadata', () => {
  const cluster = testCluster();
  let topics: TestTopics;
  let view: ClusterView;

  before(() => {
    topics = createTestTopics(cluster);
    view = createClusterView(cluster);
  });
  after(async () => {
    await view[Symbol.asyncDispose]();
    await topics[Symbol.asyncDispose]();
  });

  /** A topic, two of its partitions with one leader, and options that know no broker but that. */
  async function lanesOnOneBroker() {
    const topic = await topics.create(6, { configs: { 'max.message.bytes': '10000' } });
    const { leaders, brokers } = await view.describeTopic(topic);
    const byLeader = Map.groupBy(leaders.keys(), (partition) => leaders[partition]);
    const [node, [first, second] = []] =
      Array.from(byLeader).find(([, partitions]) => partitions.length >= 2) ?? [];
    const address = node === undefined ? undefined : brokers.get(node);
    assert.ok(address !== undefined && first !== undefined && second !== undefined);
    const options: KafkaOptions = { ...cluster, brokers: [`${address.host}:${address.port}`] };
    return { topic, going: first, failing: second, options };
  }

  async function stored(topic: string, partition: number): Promise<readonly string[]> {
    await using reader = createLogReader(cluster);
    const ends = await reader.listOffsets([topic], 'latest');
    const count = ends.find((end) => end.partition === partition)?.offset ?? 0;
    const sink = createRecordingSink();
    await using subscription = reader.open({ sink });
    subscription.assign({ topic, partition, offset: 0 });
    await sink.until(() => sink.allRecords().length >= count);
    return sink.allRecords().map(({ value }) => value?.toString() ?? '');
  }

  test('with a producer for each partition, what is acknowledged is stored', async () => {
    const { topic, going, failing, options } = await lanesOnOneBroker();
    using faults = createNetworkFaults();
    await using writer = createLogWriter(options);
    const open = (partition: number) =>
      faults.run(() => writer.openPartition({ topic, partition }, { compression: 'none' }));
    const [lane, failingLane] = [await open(going), await open(failing)];
    const append = (value: string) =>
      lane.append([{ key: null, value: Buffer.from(value), headers: [] }]);
    assert.equal((await append('first')).baseOffset, 0);

    faults.freeze();
    const refused = assert.rejects(
      failingLane.append([{ key: null, value: TOO_LARGE, headers: [] }]),
      { reason: 'record-too-large' },
    );
    await nextTurn();
    const second = append('second');
    await nextTurn();
    faults.thaw();
    await refused;
    assert.equal((await second).baseOffset, 1);
    assert.deepEqual(await stored(topic, going), ['first', 'second']);
  });

  test('with one producer for both, an acknowledged record is gone', async () => {
    const { topic, going, failing, options } = await lanesOnOneBroker();
    using faults = createNetworkFaults();
    const producer = new Producer({
      ...clientOptions(options),
      idempotent: true,
      acks: ProduceAcks.ALL,
      retries: 3,
    });
    const send = (partition: number, value: Buffer) =>
      faults.run(() => producer.send({ messages: [{ topic, partition, value }] }));
    await producer.initIdempotentProducer({ producerId: -1n, producerEpoch: -1 });
    await send(going, Buffer.from('first'));

    // On one connection, held, so that their order is sure: the send that will be refused, then the
    // question for metadata that the other lane waits for.
    faults.freeze();
    const refused = assert.rejects(send(failing, TOO_LARGE));
    await nextTurn();
    producer.clearMetadata();
    const second = send(going, Buffer.from('second'));
    await nextTurn();
    faults.thaw();
    await refused;
    const acknowledged = await second;
    await producer.close();
    // The answer to the first record, given again: the broker took the second for a copy of it.
    assert.equal(acknowledged.offsets?.[0]?.offset, 0n);
    assert.deepEqual(await stored(topic, going), ['first']);
  });
});
