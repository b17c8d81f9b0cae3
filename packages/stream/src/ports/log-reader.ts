import type { LogRecord, TopicPartition, TopicPartitionOffset } from './record.ts';

/** Reads partitions from positions of the caller's own. Never joins a group. */
export interface LogReader extends AsyncDisposable {
  /** How many partitions a topic has. Rejects with LogError (`unknown-topic`, `unavailable`). */
  partitionCount(topic: string): Promise<number>;
  /**
   * Offsets of every partition of the topics: `earliest` the first readable, `latest` the next to be
   * written, or the first whose timestamp is at or after `timestamp` (milliseconds); where there is
   * none, the latest.
   */
  listOffsets(
    topics: readonly string[],
    at: 'earliest' | 'latest' | { readonly timestamp: number },
  ): Promise<readonly TopicPartitionOffset[]>;
  /** Starts a reader with no partitions. */
  open(options: LogSubscriptionOptions): LogSubscription;
}

export interface LogSubscriptionOptions {
  readonly sink: LogSink;
  /** How long the broker may hold an empty fetch, in milliseconds; 500 unless given. */
  readonly maxWaitMs?: number;
}

/** Takes what a subscription reads. Its functions return at once and do not throw. */
export interface LogSink {
  /**
   * Records of one partition in offset order, each exactly once for the position set by `assign`.
   * `nextOffset` is where the next batch starts (offsets may have holes); `endOffset` is the
   * partition's end as the broker last said, so that `endOffset - nextOffset` is what is left.
   */
  records(batch: RecordBatch): void;
  /**
   * The position is below the first readable offset (retention removed what was there), or beyond
   * the end. Reading goes on at `resumeAt`: the earliest, or the end; what lies between is not read.
   */
  outOfRange(event: {
    readonly partition: TopicPartition;
    readonly position: number;
    readonly resumeAt: number;
  }): void;
  /** Reading a partition fails now and is being tried again. Said once for each outage. */
  failing(event: { readonly partitions: readonly TopicPartition[]; readonly cause: Error }): void;
  /** Reading goes on after `failing`. */
  recovered(event: { readonly partitions: readonly TopicPartition[] }): void;
}

export interface RecordBatch extends TopicPartition {
  readonly records: readonly LogRecord[];
  readonly nextOffset: number;
  readonly endOffset: number;
}

/** A running read over a changing set of partitions. Disposing it ends every delivery at once. */
export interface LogSubscription extends AsyncDisposable {
  /**
   * Reads a partition from `offset`; replaces its position if it is read already. A pause lasts: only
   * `resume`, or `unassign`, ends it.
   */
  assign(start: TopicPartitionOffset): void;
  /** No batch of the partition is delivered after this returns. */
  unassign(partition: TopicPartition): void;
  /** Nothing of the partition is fetched until `resume`; a batch on its way is held, not lost. */
  pause(partition: TopicPartition): void;
  resume(partition: TopicPartition): void;
}
