import { LogError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { LogWriter, PartitionWriter } from '../ports/log-writer.ts';
import type { PartitionLog } from './partition-log.ts';
import type { TopicStore } from './topic-store.ts';

/** Appends to the topics of a memory log. An append settles in a later microtask, at the earliest. */
export function createMemoryWriter(store: TopicStore, clock: Clock): LogWriter {
  const open = new Set<PartitionWriter>();
  return {
    async partitionCount(topic) {
      return store.partitionsOf(topic).length;
    },
    async openPartition(target) {
      const log = store.get(target);
      if (!log.available) throw log.unavailable();
      const writer = createPartitionWriter(log, clock, () => open.delete(writer));
      open.add(writer);
      return writer;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(Array.from(open, (writer) => writer[Symbol.asyncDispose]()));
    },
  };
}

function createPartitionWriter(
  log: PartitionLog,
  clock: Clock,
  onDispose: () => void,
): PartitionWriter {
  const closed = Promise.withResolvers<'closed'>();
  let spent = false;
  let appending = false;
  return {
    async append(records) {
      if (spent) throw new LogError('fenced', 'the writer is closed, or an append of it failed');
      if (appending) throw new LogError('rejected', 'an append is still in flight');
      if (records.length === 0) throw new LogError('rejected', 'an append needs a record');
      appending = true;
      try {
        if ((await Promise.race([log.arrive(), closed.promise])) === 'closed') {
          throw new LogError('unavailable', 'the writer was closed', { outcome: 'unknown' });
        }
        return { baseOffset: log.append(records, clock.now()) };
      } catch (error) {
        spent = true;
        throw error;
      } finally {
        appending = false;
      }
    },
    async [Symbol.asyncDispose]() {
      spent = true;
      closed.resolve('closed');
      onDispose();
    },
  };
}
