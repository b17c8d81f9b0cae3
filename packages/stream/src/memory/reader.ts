import { LogError } from '../errors.ts';
import type { LogReader, LogSink, LogSubscription } from '../ports/log-reader.ts';
import type { TopicPartition, TopicPartitionOffset } from '../ports/record.ts';
import type { PartitionLog } from './partition-log.ts';
import type { TopicStore } from './topic-store.ts';

/** How many records a batch has at most: enough to see batches, few enough to see several. */
const BATCH_RECORDS = 500;

/** Reads the topics of a memory log. Batches come in later microtasks, never inside a call. */
export function createMemoryReader(store: TopicStore): LogReader {
  const open = new Set<LogSubscription>();
  return {
    async partitionCount(topic) {
      return store.partitionsOf(topic).length;
    },
    async listOffsets(topics, at) {
      return topics.flatMap((topic) =>
        store.partitionsOf(topic).map((log) => ({ ...log.target, offset: offsetIn(log, at) })),
      );
    },
    open({ sink }) {
      const subscription = new MemorySubscription(store, sink, () => open.delete(subscription));
      open.add(subscription);
      return subscription;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(Array.from(open, (subscription) => subscription[Symbol.asyncDispose]()));
    },
  };
}

function offsetIn(log: PartitionLog, at: Parameters<LogReader['listOffsets']>[1]): number {
  if (!log.available) throw log.unavailable();
  if (at === 'earliest') return log.earliest;
  return at === 'latest' ? log.end : log.offsetAt(at.timestamp);
}

interface Cursor {
  readonly target: TopicPartition;
  position: number;
  paused: boolean;
  failing: boolean;
  /** A step is on its way. */
  due: boolean;
}

class MemorySubscription implements LogSubscription {
  readonly #store: TopicStore;
  readonly #sink: LogSink;
  readonly #onDispose: () => void;
  readonly #watching: Disposable;
  readonly #cursors = new Map<string, Cursor>();

  constructor(store: TopicStore, sink: LogSink, onDispose: () => void) {
    this.#store = store;
    this.#sink = sink;
    this.#onDispose = onDispose;
    this.#watching = store.watch((changed) => {
      if (changed === undefined) for (const cursor of this.#cursors.values()) this.#wake(cursor);
      else this.#wake(this.#cursors.get(keyOf(changed)));
    });
  }

  assign({ topic, partition, offset }: TopicPartitionOffset): void {
    const target = { topic, partition };
    const paused = this.#cursors.get(keyOf(target))?.paused ?? false;
    const cursor: Cursor = { target, position: offset, paused, failing: false, due: false };
    this.#cursors.set(keyOf(target), cursor);
    this.#wake(cursor);
  }

  unassign(partition: TopicPartition): void {
    this.#cursors.delete(keyOf(partition));
  }

  pause(partition: TopicPartition): void {
    const cursor = this.#cursors.get(keyOf(partition));
    if (cursor !== undefined) cursor.paused = true;
  }

  resume(partition: TopicPartition): void {
    const cursor = this.#cursors.get(keyOf(partition));
    if (cursor === undefined) return;
    cursor.paused = false;
    this.#wake(cursor);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cursors.clear();
    this.#watching[Symbol.dispose]();
    this.#onDispose();
  }

  #wake(cursor: Cursor | undefined): void {
    if (cursor === undefined || cursor.due) return;
    cursor.due = true;
    queueMicrotask(() => {
      cursor.due = false;
      if (this.#cursors.get(keyOf(cursor.target)) === cursor) this.#step(cursor);
    });
  }

  #step(cursor: Cursor): void {
    if (cursor.paused || !this.#isReadable(cursor)) return;
    const log = this.#store.get(cursor.target);
    const { position } = cursor;
    if (position < log.earliest || position > log.end) {
      cursor.position = position < log.earliest ? log.earliest : log.end;
      this.#wake(cursor);
      this.#sink.outOfRange({ partition: cursor.target, position, resumeAt: cursor.position });
      return;
    }
    const records = log.read(position, BATCH_RECORDS);
    if (records.length === 0) return;
    cursor.position = position + records.length;
    this.#wake(cursor);
    this.#sink.records({
      ...cursor.target,
      records,
      nextOffset: cursor.position,
      endOffset: log.end,
    });
  }

  /** Tells the sink when that changes. */
  #isReadable(cursor: Cursor): boolean {
    const { target } = cursor;
    const log = this.#store.find(target);
    if (log?.available) {
      if (cursor.failing) this.#sink.recovered({ partitions: [target] });
      cursor.failing = false;
      return true;
    }
    if (!cursor.failing) {
      cursor.failing = true;
      const cause =
        log?.unavailable() ?? new LogError('unknown-topic', `there is no ${keyOf(target)}`);
      this.#sink.failing({ partitions: [target], cause });
    }
    return false;
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
