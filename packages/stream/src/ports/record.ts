import type { RecordHeader } from '@sori/contract';

/** A record as it stands in a topic. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  /** Exact up to 2^53 - 1; an adapter that meets a larger one fails. */
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
}

/** A record that is to be appended. */
export interface RecordToAppend {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface TopicPartitionOffset extends TopicPartition {
  readonly offset: number;
}
