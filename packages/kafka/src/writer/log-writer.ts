import { LogError, type LogWriter, type PartitionWriter } from '@sori/stream';
import { createClusterView } from '../cluster-view.ts';
import { type KafkaOptions, rotate } from '../connection.ts';
import { openPartitionWriter } from './partition-writer.ts';

/**
 * Appends to partitions through the client's Producer, one for each partition.
 *
 * Limits: every lane holds TCP connections of its own (one to its partition's leader, and at most
 * one to each further broker that it asked for metadata), so the connections of a process grow with
 * the partitions it writes. A shared producer would save them, and lose records: when one lane
 * fails, the client gives the shared producer a new identity while another lane still sends under
 * the old one, and the broker answers "duplicate" for records it has not got.
 */
export function createLogWriter(options: KafkaOptions): LogWriter {
  const view = createClusterView(options);
  const open = new Set<PartitionWriter>();
  let opened = 0;
  let disposed = false;

  return {
    async partitionCount(topic) {
      return (await view.describeTopic(topic)).leaders.length;
    },

    async openPartition(target, { compression }) {
      const { leaders } = await view.describeTopic(target.topic);
      // The client would take a partition modulo the partition count, and write elsewhere.
      if (!Number.isInteger(target.partition) || !(target.partition in leaders)) {
        const problem = `topic ${target.topic} has no partition ${target.partition}`;
        throw new LogError('unknown-topic', problem);
      }
      const writer = await openPartitionWriter(
        { ...options, brokers: rotate(options.brokers, opened++) },
        target,
        compression,
        () => open.delete(writer),
      );
      open.add(writer);
      if (disposed) {
        await writer[Symbol.asyncDispose]();
        throw new LogError('unavailable', 'the writer was closed while a partition was opened');
      }
      return writer;
    },

    async [Symbol.asyncDispose]() {
      disposed = true;
      await Promise.all([
        view[Symbol.asyncDispose](),
        ...Array.from(open, (writer) => writer[Symbol.asyncDispose]()),
      ]);
    },
  };
}
