import type { Compression } from '@sori/contract';
import type { RecordToAppend, TopicPartition } from './record.ts';

/** Appends records to partitions. */
export interface LogWriter extends AsyncDisposable {
  /** How many partitions a topic has. Rejects with LogError (`unknown-topic`, `unavailable`). */
  partitionCount(topic: string): Promise<number>;
  /**
   * Opens a lane to one partition: an idempotent producer of its own, so that no other lane's
   * failure can touch its sequence numbers. Ready means that metadata and a producer id are there.
   */
  openPartition(target: TopicPartition, options: PartitionWriterOptions): Promise<PartitionWriter>;
}

export interface PartitionWriterOptions {
  readonly compression: Compression;
}

/** Appends to one partition. The caller has at most one append in flight. */
export interface PartitionWriter extends AsyncDisposable {
  /**
   * Appends the records as one batch, acknowledged by every in-sync replica. Resolves with the
   * offset of the first. Rejects with LogError, whose `outcome` says whether they may be stored.
   * It settles only when the client itself has given up: nothing of it is sent afterwards. After a
   * rejection the writer is spent (its sequence numbers may not be the broker's): every further append
   * rejects with `fenced`, as after disposing. Dispose of it and open another.
   */
  append(records: readonly RecordToAppend[]): Promise<{ readonly baseOffset: number }>;
}
