import type { TopicPartition } from './record.ts';

/** What a publisher counts. Called on the hot path: implementations only add to numbers. */
export interface PublisherMetrics {
  /** A batch was acknowledged: how many records, their value bytes, and milliseconds from send to acknowledgement. */
  acknowledged(target: TopicPartition, records: number, bytes: number, latencyMs: number): void;
  /** An append failed: `unknown` means that its records may be stored. */
  failed(target: TopicPartition, records: number, outcome: 'not-stored' | 'unknown'): void;
  /** `publish` was refused because the buffers are full. */
  overloaded(topic: string): void;
  /** What waits to be sent, over all lanes, after a change. */
  buffered(records: number, bytes: number): void;
}

/** What a consumer counts. Called on the hot path: implementations only add to numbers. */
export interface ConsumerMetrics {
  /** A record came from the log. */
  consumed(source: TopicPartition, records: number, bytes: number): void;
  /** A record is done, after `attempts` tries and `durationMs` in its handler. */
  handled(topic: string, type: string, outcome: HandledOutcome, durationMs: number): void;
  /** One try failed and will be made again. */
  retried(topic: string, type: string): void;
  /** A record went to its dead-letter topic; `reason` is the error's code. */
  deadLettered(topic: string, reason: string): void;
  /** The committed offset of a partition, and the partition's end as last seen. */
  committed(source: TopicPartition, offset: number, endOffset: number): void;
  /** The group gave this member partitions, or took them: how many it has now. */
  assigned(partitions: readonly TopicPartition[], generation: number): void;
  /** Records below `resumeAt` were removed by retention before they were read. */
  skippedByRetention(source: TopicPartition, records: number): void;
  /** The breaker opened (a dependency is away, or everything fails) or closed. */
  breaker(state: 'open' | 'closed', reason: string): void;
}

export type HandledOutcome = 'handled' | 'no-handler' | 'dead-lettered' | 'skipped';
