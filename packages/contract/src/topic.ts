import { DefinitionError } from './errors.ts';
import { assertTopicName, deadLetterTopicName } from './naming.ts';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const MEBIBYTE = 1024 * 1024;
export const GIBIBYTE = 1024 * MEBIBYTE;

/** Kafka's default `max.message.bytes`: a record batch as the broker stores it, in bytes. */
export const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

/** How much larger than its source's limit a dead letter may be, for the headers added, in bytes. */
export const DEAD_LETTER_HEADROOM_BYTES = 64 * 1024;

const DEAD_LETTER_RETENTION_MS = 30 * DAY_MS;

export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
export type CleanupPolicy = 'delete' | 'compact';

/**
 * How long records matter: `transient` for state that is soon stale (up to a day, exclusive),
 * `short` for live events (1–7 days), `long` for audit and dead letters (30 days or more).
 */
export type RetentionClass = 'transient' | 'short' | 'long';

export interface ExpectedLoad {
  readonly eventsPerSecond: number;
  /** Payload (record value) bytes a second, before compression and framing. */
  readonly bytesPerSecond: number;
}

export interface TopicOptions {
  readonly name: string;
  /** `events` (default) for `{context}.events`, `state` for a topic of the latest state. */
  readonly naming?: 'events' | 'state';
  readonly description: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** What the record key means, as `room_id`; `none` spreads records round-robin, unordered. */
  readonly key: string;
  readonly retention: {
    readonly class: RetentionClass;
    readonly ms: number;
    /** Per partition. */
    readonly bytes?: number;
  };
  readonly segment?: { readonly bytes?: number; readonly ms?: number };
  readonly cleanup?: CleanupPolicy;
  readonly compression?: Compression;
  readonly minInsyncReplicas?: number;
  readonly maxMessageBytes?: number;
  readonly expectedLoad: ExpectedLoad;
}

/** A topic of the catalog: frozen data. Sizes in bytes, times in milliseconds. */
export interface TopicDefinition {
  readonly name: string;
  readonly description: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly key: string;
  readonly retention: {
    readonly class: RetentionClass;
    readonly ms: number;
    readonly bytes?: number;
  };
  readonly segment: { readonly bytes?: number; readonly ms?: number };
  readonly cleanup: CleanupPolicy;
  readonly compression: Compression;
  readonly minInsyncReplicas: number;
  readonly maxMessageBytes: number;
  readonly expectedLoad: ExpectedLoad;
  /** The name of the topic whose dead letters this one takes; undefined on every other topic. */
  readonly deadLettersOf?: string;
}

/** Checks a topic's settings against the naming and retention rules; throws DefinitionError. */
export function defineTopic(options: TopicOptions): TopicDefinition {
  assertTopicName(options.name, options.naming ?? 'events');
  const topic: TopicDefinition = {
    name: options.name,
    description: options.description,
    partitions: options.partitions,
    replicationFactor: options.replicationFactor,
    key: options.key,
    retention: Object.freeze({ ...options.retention }),
    segment: Object.freeze({ ...options.segment }),
    cleanup: options.cleanup ?? 'delete',
    compression: options.compression ?? 'none',
    minInsyncReplicas: options.minInsyncReplicas ?? 2,
    maxMessageBytes: options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES,
    expectedLoad: Object.freeze({ ...options.expectedLoad }),
  };
  assertTopic(topic);
  return Object.freeze(topic);
}

/** The dead-letter topic of `topic`: one partition, 30 days, room for the headers added. */
export function deadLetterTopic(topic: TopicDefinition): TopicDefinition {
  return Object.freeze({
    ...topic,
    name: deadLetterTopicName(topic.name),
    description: `Dead letters of ${topic.name}`,
    partitions: 1,
    retention: Object.freeze({ class: 'long', ms: DEAD_LETTER_RETENTION_MS }),
    segment: Object.freeze({}),
    cleanup: 'delete',
    compression: 'none',
    maxMessageBytes: topic.maxMessageBytes + DEAD_LETTER_HEADROOM_BYTES,
    expectedLoad: Object.freeze({ eventsPerSecond: 0, bytesPerSecond: 0 }),
    deadLettersOf: topic.name,
  });
}

function assertTopic(topic: TopicDefinition): void {
  const refuse = (what: string): never => {
    throw new DefinitionError(`topic "${topic.name}": ${what}`);
  };
  const positiveInteger = (name: string, value: number | undefined): void => {
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 1)) {
      refuse(`${name} must be a positive whole number, not ${value}`);
    }
  };
  positiveInteger('partitions', topic.partitions);
  positiveInteger('replicationFactor', topic.replicationFactor);
  positiveInteger('retention.ms', topic.retention.ms);
  positiveInteger('retention.bytes', topic.retention.bytes);
  positiveInteger('segment.bytes', topic.segment.bytes);
  positiveInteger('segment.ms', topic.segment.ms);
  positiveInteger('minInsyncReplicas', topic.minInsyncReplicas);
  positiveInteger('maxMessageBytes', topic.maxMessageBytes);
  if (topic.minInsyncReplicas > topic.replicationFactor) {
    refuse(
      `minInsyncReplicas ${topic.minInsyncReplicas} exceeds replicationFactor ${topic.replicationFactor}`,
    );
  }
  const { class: retentionClass, ms } = topic.retention;
  if (!withinRetentionClass(retentionClass, ms)) {
    refuse(
      `retention of ${ms} ms is outside its class ${retentionClass} (${RETENTION_CLASS_RANGE[retentionClass]})`,
    );
  }
  if (topic.key === 'none' && topic.cleanup === 'compact') {
    refuse('a compacted topic needs a key');
  }
  if (topic.expectedLoad.eventsPerSecond < 0 || topic.expectedLoad.bytesPerSecond < 0) {
    refuse('expectedLoad must not be negative');
  }
}

const RETENTION_CLASS_RANGE: Readonly<Record<RetentionClass, string>> = {
  transient: 'less than 1 day',
  short: '1 to 7 days',
  long: '30 days or more',
};

function withinRetentionClass(retentionClass: RetentionClass, ms: number): boolean {
  switch (retentionClass) {
    case 'transient':
      return ms < DAY_MS;
    case 'short':
      return ms >= DAY_MS && ms <= 7 * DAY_MS;
    case 'long':
      return ms >= 30 * DAY_MS;
  }
}
