import { conformanceTests } from '@sori/stream/conformance';
import { createKafka } from './kafka.ts';
import { createTestTopics, testCluster } from './test-topics.ts';

conformanceTests('Kafka keeps to the ports', async () => {
  const cluster = testCluster();
  const kafka = createKafka(cluster);
  const topics = createTestTopics(cluster);
  const { admin } = topics;
  return {
    writer: () => kafka.writer(),
    reader: () => kafka.reader(),
    coordinator: () => kafka.coordinator(),
    createTopic: (partitions) => topics.create(partitions),
    growTopic: (topic, partitions) => topics.grow(topic, partitions),
    async deleteRecords({ topic, partition, offset }) {
      const partitions = [{ partition, offset: BigInt(offset) }];
      await admin.deleteRecords({ topics: [{ name: topic, partitions }] });
    },
    async removeMember(group, memberName) {
      const described = (await admin.describeGroups({ groups: [group] })).get(group);
      const members = Array.from(described?.members.values() ?? [])
        .filter(({ clientId }) => clientId === memberName)
        .map(({ id }) => ({ memberId: id }));
      await admin.removeMembersFromConsumerGroup({ groupId: group, members });
    },
    async [Symbol.asyncDispose]() {
      await kafka[Symbol.asyncDispose]();
      await topics[Symbol.asyncDispose]();
    },
  };
});
