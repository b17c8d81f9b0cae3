import { DAY_MS, GIBIBYTE, SECOND_MS, type TopicDefinition } from '@sori/contract';

/** Kafka's own defaults, for topics that say nothing of their segments. */
const DEFAULT_SEGMENT_MS = 7 * DAY_MS;
const DEFAULT_SEGMENT_BYTES = GIBIBYTE;

/** How long a topic's records are there, when the expected load comes in. Times in milliseconds. */
export interface EffectiveRetention {
  /** A record is there for at least this long. */
  readonly atLeastMs: number;
  /** And for at most this long, but for the few minutes between two looks of the broker. */
  readonly atMostMs: number;
  /** Which limit is reached first. */
  readonly limitedBy: 'time' | 'bytes';
}

/**
 * Works out what `retention.ms` and `retention.bytes` come to together; undefined for a compacted
 * topic, which has no end. The broker deletes closed segments only: by time when their last record
 * is too old, by size while what is left without the oldest one is still enough.
 * `compressionRatio` is payload bytes for one stored byte.
 */
export function effectiveRetention(
  topic: TopicDefinition,
  compressionRatio = 1,
): EffectiveRetention | undefined {
  if (topic.cleanup === 'compact') return undefined;
  const { retention, segment } = topic;
  const bytesPerMs =
    topic.expectedLoad.bytesPerSecond / SECOND_MS / topic.partitions / compressionRatio;
  const timeOf = (bytes: number): number => bytes / bytesPerMs;
  const segmentSpanMs = Math.min(
    segment.ms ?? DEFAULT_SEGMENT_MS,
    timeOf(segment.bytes ?? DEFAULT_SEGMENT_BYTES),
  );
  const spanOfBytes =
    retention.bytes === undefined ? Number.POSITIVE_INFINITY : timeOf(retention.bytes);
  const atLeastMs = Math.min(retention.ms, spanOfBytes);
  return {
    atLeastMs,
    atMostMs: atLeastMs + segmentSpanMs,
    limitedBy: spanOfBytes < retention.ms ? 'bytes' : 'time',
  };
}
