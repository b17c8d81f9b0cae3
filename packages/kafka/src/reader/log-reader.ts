import type { LogReader, TopicPartitionOffset } from '@sori/stream';
import { createClusterView } from '../cluster-view.ts';
import type { KafkaOptions } from '../connection.ts';
import { KafkaSubscription } from './subscription.ts';

/**
 * Reads partitions through the client's Consumer, which never joins a group here: its fetch is called
 * with positions of our own. Subscriptions share the metadata client and nothing else; each holds one
 * connection for every broker that leads one of its partitions.
 */
export function createLogReader(options: KafkaOptions): LogReader {
  const view = createClusterView(options);
  const open = new Set<KafkaSubscription>();

  return {
    async partitionCount(topic) {
      return (await view.describeTopic(topic)).leaders.length;
    },

    async listOffsets(topics, at): Promise<readonly TopicPartitionOffset[]> {
      const lists = await Promise.all(topics.map((topic) => view.listOffsets(topic, at)));
      return lists.flat();
    },

    open(subscriptionOptions) {
      const subscription = new KafkaSubscription(options, view, subscriptionOptions, () => {
        open.delete(subscription);
      });
      open.add(subscription);
      return subscription;
    },

    async [Symbol.asyncDispose]() {
      await Promise.all(Array.from(open, (subscription) => subscription[Symbol.asyncDispose]()));
      await view[Symbol.asyncDispose]();
    },
  };
}
