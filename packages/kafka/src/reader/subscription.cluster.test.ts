import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { LogWriter, TopicPartition } from '@sori/stream';
import { type BrokerAddress, type ClusterView, createClusterView } from '../cluster-view.ts';
import { createRecordingSink } from '../recording-sink.ts';
import { createTestTopics, type TestTopics, testCluster } from '../test-topics.ts';
import { createLogWriter } from '../writer/log-writer.ts';
import { KafkaSubscription } from './subscription.ts';

/** An address that refuses connections. */
const DEAD: BrokerAddress = { host: '127.0.0.1', port: 1 };

describe('a broker that does not answer', () => {
  const cluster = testCluster();
  let topics: TestTopics;
  let writer: LogWriter;
  let view: ClusterView;

  before(() => {
    topics = createTestTopics(cluster);
    writer = createLogWriter(cluster);
    view = createClusterView(cluster);
  });
  after(async () => {
    await view[Symbol.asyncDispose]();
    await writer[Symbol.asyncDispose]();
    await topics[Symbol.asyncDispose]();
  });

  /** The cluster as seen while one broker's address leads elsewhere, until `heal`. */
  function withBrokerAt(node: number, address: BrokerAddress) {
    let healed = false;
    const faulty: ClusterView = {
      ...view,
      async describeTopicOnce(topic) {
        const layout = await view.describeTopicOnce(topic);
        if (healed) return layout;
        return { ...layout, brokers: new Map(layout.brokers).set(node, address) };
      },
    };
    return {
      faulty,
      heal: () => {
        healed = true;
      },
    };
  }

  /** A topic with a record in every partition, and the partitions by leader. */
  async function filledTopic() {
    const topic = await topics.create(6);
    const { leaders } = await view.describeTopic(topic);
    for (const partition of leaders.keys()) {
      await using lane = await writer.openPartition({ topic, partition }, { compression: 'none' });
      await lane.append([{ key: null, value: Buffer.from(`${partition}`), headers: [] }]);
    }
    const node = leaders[0] ?? assert.fail('partition 0 has no leader');
    const partitions = Array.from(leaders.keys());
    return {
      topic,
      node,
      stopped: partitions.filter((partition) => leaders[partition] === node),
      going: partitions.filter((partition) => leaders[partition] !== node),
    };
  }

  async function assertOnlyItsPartitionsStop(address: BrokerAddress) {
    const { topic, node, stopped, going } = await filledTopic();
    const { faulty, heal } = withBrokerAt(node, address);
    const sink = createRecordingSink();
    await using subscription = new KafkaSubscription(cluster, faulty, { sink }, () => {});
    for (const partition of [...stopped, ...going]) {
      subscription.assign({ topic, partition, offset: 0 });
    }
    const partitionsRead = () => sink.batches.map(({ partition }) => partition).sort();
    // Each partition once; whether together depends on what was fetched together.
    const told = (events: readonly { readonly partitions: readonly TopicPartition[] }[]) =>
      events.flatMap(({ partitions }) => partitions.map(({ partition }) => partition)).sort();
    const allTold = (events: Parameters<typeof told>[0]) => told(events).length >= stopped.length;
    await sink.until(() => partitionsRead().length >= going.length && allTold(sink.failures));
    assert.deepEqual(partitionsRead(), going);
    heal();
    await sink.until(() => partitionsRead().length >= 6 && allTold(sink.recoveries));
    assert.deepEqual(partitionsRead(), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual([told(sink.failures), told(sink.recoveries)], [stopped, stopped]);
    assert.equal(sink.failures[0]?.cause.name, 'LogError');
  }

  test('because it is down stops its own partitions only, said once', () =>
    assertOnlyItsPartitionsStop(DEAD));

  test('because it hangs stops its own partitions only, said once', async () => {
    const sockets = new Set<Socket>();
    const hung = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    await once(hung, 'listening');
    const { port } = hung.address() as AddressInfo;
    try {
      await assertOnlyItsPartitionsStop({ host: '127.0.0.1', port });
    } finally {
      for (const socket of sockets) socket.destroy();
      hung.close();
    }
  });
});
