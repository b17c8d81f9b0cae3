import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { Consumer } from '@platformatic/kafka';
import { clientOptions, closeClient } from '../connection.ts';
import { createNetworkFaults } from '../network-faults.ts';
import { createTestTopics, type TestTopics, testCluster } from '../test-topics.ts';
import { GroupRequests } from './group-requests.ts';

/**
 * Why commits are requests of our own. If this fails after an update of the client, its own commit may
 * be good to use.
 */
describe('the commit of the client itself', () => {
  const cluster = testCluster();
  let topics: TestTopics;

  before(() => {
    topics = createTestTopics(cluster);
  });
  after(() => topics[Symbol.asyncDispose]());

  test('once refused, is made again in the name of a generation it does not know', async () => {
    const topic = await topics.create(1);
    const group = `group-${randomUUID()}`;
    const join = async (): Promise<Consumer> => {
      const client = new Consumer({
        ...clientOptions(cluster),
        groupId: group,
        sessionTimeout: 1_500,
        rebalanceTimeout: 6_000,
        heartbeatInterval: 300,
        autocommit: false,
      });
      client.topics.track(topic);
      await client.joinGroup({});
      return client;
    };
    const commit = (client: Consumer, offset: bigint): Promise<void> =>
      client.commit({ offsets: [{ topic, partition: 0, offset, leaderEpoch: -1 }] });

    using faults = createNetworkFaults();
    await using requests = new GroupRequests(cluster, group);
    const zombie = await faults.run(join);
    const { generationId, memberId } = zombie;
    faults.freeze();
    const late = faults.run(() => commit(zombie, 99n));
    // It gets the partition when the session of the other is over.
    const owner = await join();
    await commit(owner, 50n);
    faults.thaw();
    await late;
    assert.notDeepEqual([zombie.memberId, zombie.generationId], [memberId, generationId]);
    const [committed] = await requests.committed([{ topic, partition: 0 }]);
    assert.equal(committed?.committed, 99);
    await Promise.all([zombie, owner].map((client) => closeClient(client, cluster.logger)));
  });
});
