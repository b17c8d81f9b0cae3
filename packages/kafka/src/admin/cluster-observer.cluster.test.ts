import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { Consumer } from '@platformatic/kafka';
import { clientOptions } from '../connection.ts';
import { createTestTopics, type TestTopics, testCluster } from '../test-topics.ts';
import { createLogWriter } from '../writer/log-writer.ts';
import { type ClusterObserver, createClusterObserver } from './cluster-observer.ts';

describe('looking at a cluster', () => {
  const cluster = testCluster();
  let topics: TestTopics;
  let observer: ClusterObserver;

  before(() => {
    topics = createTestTopics(cluster);
    observer = createClusterObserver(cluster);
  });
  after(async () => {
    await topics[Symbol.asyncDispose]();
    await observer[Symbol.asyncDispose]();
  });

  async function append(topic: string, partition: number, records: number): Promise<void> {
    await using writer = createLogWriter(cluster);
    const lane = await writer.openPartition({ topic, partition }, { compression: 'none' });
    const record = { key: null, value: Buffer.from('x'), headers: [] };
    await lane.append(Array.from({ length: records }, () => record));
  }

  test('brokers, replicas and offsets are as the brokers have them', async () => {
    const name = await topics.create(3);
    await append(name, 1, 5);
    const { brokers, topics: seen } = await observer.observe();
    assert.deepEqual(
      brokers.map(({ isUp }) => isUp),
      [true, true, true],
    );
    const topic = seen.find((candidate) => candidate.name === name);
    assert.deepEqual(
      topic?.partitions.map(({ partition, offsets }) => [partition, offsets]),
      [
        [0, { earliest: 0, end: 0 }],
        [1, { earliest: 0, end: 5 }],
        [2, { earliest: 0, end: 0 }],
      ],
    );
    for (const { leader, replicas, inSync } of topic?.partitions ?? []) {
      assert.equal(replicas.length, 3);
      assert.deepEqual(inSync.toSorted(), replicas.toSorted());
      assert.ok(leader !== undefined && replicas.includes(leader));
    }
  });

  test("a group's lag is reckoned with the offsets that were seen", async () => {
    const name = await topics.create(2);
    await append(name, 0, 4);
    const groupId = `group-${randomUUID()}`;
    const consumer = new Consumer({ ...clientOptions(cluster), groupId, autocommit: false });
    try {
      consumer.topics.track(name);
      await consumer.joinGroup({});
      const committed = { topic: name, partition: 0, offset: 1n, leaderEpoch: -1 };
      await consumer.commit({ offsets: [committed] });
      const observation = await observer.observe();
      await append(name, 0, 6);
      const groups = await observer.observeGroups(observation);
      const group = groups.find((candidate) => candidate.group === groupId);
      assert.equal(group?.members.length, 1);
      assert.deepEqual(group.lag, [
        { topic: name, partition: 0, committed: 1, earliest: 0, end: 4, lag: 3, lost: 0 },
        { topic: name, partition: 1, committed: null, earliest: 0, end: 0, lag: 0, lost: 0 },
      ]);
    } finally {
      await consumer.leaveGroup();
      await consumer.close();
    }
    await topics.admin.deleteGroups({ groups: [groupId] });
  });

  test('a dead bootstrap broker is passed over, and the look after a failed one works', async () => {
    const brokers = ['127.0.0.1:1', ...cluster.brokers];
    await using patient = createClusterObserver({ ...cluster, brokers });
    assert.equal((await patient.observe()).brokers.length, 3);
  });

  test('no broker that answers is an error in time', async () => {
    await using nobody = createClusterObserver({ ...cluster, brokers: ['127.0.0.1:1'] });
    await assert.rejects(nobody.observe(), { reason: 'unavailable' });
    await assert.rejects(nobody.observe(), { reason: 'unavailable' });
  });
});
