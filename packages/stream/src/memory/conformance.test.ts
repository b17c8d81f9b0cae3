import { randomUUID } from 'node:crypto';
import { conformanceTests } from '../conformance/index.ts';
import { createMemoryLog } from './memory-log.ts';

conformanceTests('the memory log keeps to the ports', async () => {
  const log = createMemoryLog();
  return {
    writer: () => log.writer(),
    reader: () => log.reader(),
    coordinator: () => log.coordinator(),
    async createTopic(partitions) {
      const name = `topic-${randomUUID()}`;
      log.createTopic(name, partitions);
      return name;
    },
    async growTopic(topic, partitions) {
      log.growTopic(topic, partitions);
    },
    async deleteRecords(before) {
      log.faults.deleteBefore(before);
    },
    async removeMember(group, memberName) {
      log.faults.removeMember(group, memberName);
    },
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  };
});
