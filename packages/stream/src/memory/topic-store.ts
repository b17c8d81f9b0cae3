import { LogError } from '../errors.ts';
import type { TopicPartition } from '../ports/record.ts';
import { PartitionLog } from './partition-log.ts';

/** Hears of every change: records of a partition, or (no partition) topics and their partitions. */
export type StoreWatcher = (changed: TopicPartition | undefined) => void;

/** All topics of a memory log. */
export class TopicStore {
  readonly #topics = new Map<string, PartitionLog[]>();
  readonly #maxBatchBytes = new Map<string, number>();
  readonly #watchers = new Set<StoreWatcher>();

  /** Makes a topic, or adds partitions to it. Throws RangeError for fewer than it has. */
  grow(name: string, partitions: number, maxBatchBytes: number): void {
    const logs = this.#topics.get(name) ?? [];
    if (partitions < logs.length || partitions < 1) {
      throw new RangeError(`${name} cannot have ${partitions} partitions: it has ${logs.length}`);
    }
    const limit = this.#maxBatchBytes.get(name) ?? maxBatchBytes;
    for (let partition = logs.length; partition < partitions; partition++) {
      const target = Object.freeze({ topic: name, partition });
      logs.push(new PartitionLog(target, limit, (changed) => this.#tell(changed)));
    }
    this.#maxBatchBytes.set(name, limit);
    this.#topics.set(name, logs);
    this.#tell(undefined);
  }

  /** Throws LogError `unknown-topic`. */
  partitionsOf(topic: string): readonly PartitionLog[] {
    const logs = this.#topics.get(topic);
    if (logs === undefined) throw new LogError('unknown-topic', `there is no topic ${topic}`);
    return logs;
  }

  /** How many partitions the topic has; 0 when there is none of that name. */
  countOf(topic: string): number {
    return this.#topics.get(topic)?.length ?? 0;
  }

  find({ topic, partition }: TopicPartition): PartitionLog | undefined {
    return this.#topics.get(topic)?.[partition];
  }

  /** Throws LogError `unknown-topic`. */
  get(target: TopicPartition): PartitionLog {
    const log = this.find(target);
    if (log !== undefined) return log;
    throw new LogError('unknown-topic', `there is no ${target.topic}-${target.partition}`);
  }

  watch(watcher: StoreWatcher): Disposable {
    this.#watchers.add(watcher);
    return { [Symbol.dispose]: () => this.#watchers.delete(watcher) };
  }

  #tell(changed: TopicPartition | undefined): void {
    for (const watcher of this.#watchers) watcher(changed);
  }
}
