import { randomUUID } from 'node:crypto';
import { Admin } from '@platformatic/kafka';
import type { Logger } from '@sori/stream';
import { clientOptions, type KafkaOptions } from './connection.ts';

export { renamedTopics } from './renamed-topics.ts';

/** For tests only: the cluster of KAFKA_BROKERS, and topics on it that are gone after the test. */

/** How to reach the cluster under test. Throws if the environment does not say. */
export function testCluster(): KafkaOptions {
  const brokers = process.env['KAFKA_BROKERS'];
  if (brokers === undefined || brokers === '') throw new Error('KAFKA_BROKERS is not set');
  return { brokers: brokers.split(','), clientId: `test-${randomUUID()}`, logger: silentLogger };
}

export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLogger,
};

export interface TestTopics extends AsyncDisposable {
  readonly admin: Admin;
  /** Makes a topic of a name of its own; three replicas unless said. Deleted on dispose. */
  create(partitions: number, options?: TestTopicOptions): Promise<string>;
  /** Makes a topic of that name, once the broker lets go of one that was deleted before. */
  createNamed(name: string, partitions: number, options?: TestTopicOptions): Promise<void>;
  /** Adds partitions, so that the topic has `partitions` in all. */
  grow(name: string, partitions: number): Promise<void>;
  delete(name: string): Promise<void>;
}

export interface TestTopicOptions {
  readonly replicas?: number;
  readonly configs?: Readonly<Record<string, string>>;
}

export function createTestTopics(options: KafkaOptions): TestTopics {
  const admin = new Admin({ ...clientOptions(options), retries: 20, retryDelay: 250 });
  const names = new Set<string>();

  const createNamed: TestTopics['createNamed'] = async (name, partitions, topicOptions = {}) => {
    const configs = Object.entries(topicOptions.configs ?? {});
    await admin.createTopics({
      topics: [name],
      partitions,
      replicas: topicOptions.replicas ?? 3,
      configs: configs.map(([key, value]) => ({ name: key, value })),
    });
    names.add(name);
  };
  return {
    admin,
    createNamed,
    async create(partitions, topicOptions) {
      const name = `kafka-test-${randomUUID()}`;
      await createNamed(name, partitions, topicOptions);
      return name;
    },
    async grow(name, partitions) {
      await admin.createPartitions({ topics: [{ name, count: partitions }] });
    },
    async delete(name) {
      names.delete(name);
      await admin.deleteTopics({ topics: [name] });
    },
    async [Symbol.asyncDispose]() {
      if (names.size > 0) await admin.deleteTopics({ topics: Array.from(names) });
      await admin.close();
    },
  };
}
