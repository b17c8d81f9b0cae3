import type { RecordBatch, TopicPartition } from '@sori/stream';

/**
 * Where one assigned partition is read. A new assignment makes a new cursor, so that whatever still
 * holds the old one can tell that it is late.
 */
export interface PartitionCursor {
  readonly target: TopicPartition;
  /** The next offset to fetch; a held batch lies before it. */
  position: number;
  /** The topic's id, undefined until its metadata is there. */
  topicId: string | undefined;
  /** The leader's node id, undefined while none is known. */
  leader: number | undefined;
  paused: boolean;
  /** When it was last paused, as `performance.now()`. */
  pausedAt: number;
  /** What came while the partition was paused. */
  held: RecordBatch | undefined;
  /** Not fetched: its position is being looked up. */
  suspended: boolean;
  /** Fetched alone, to find out whether it is what makes a broker's answers unreadable. */
  isolated: boolean;
  /** Failures in a row. */
  failures: number;
  /** Whether the sink was told that reading fails. */
  failing: boolean;
  /** Not fetched before this, as `performance.now()`. */
  retryAt: number;
}

export function createCursor(target: TopicPartition, position: number): PartitionCursor {
  return {
    target: { topic: target.topic, partition: target.partition },
    position,
    topicId: undefined,
    leader: undefined,
    paused: false,
    pausedAt: Number.NEGATIVE_INFINITY,
    held: undefined,
    suspended: false,
    isolated: false,
    failures: 0,
    failing: false,
    retryAt: Number.NEGATIVE_INFINITY,
  };
}

/** A key of the partition for maps. */
export function partitionKey({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
