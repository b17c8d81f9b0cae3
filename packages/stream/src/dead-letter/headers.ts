import type { RecordHeader } from '@sori/contract';
import type { LogRecord } from '../ports/record.ts';

/** Redrive sets it: only this group handles the record, others skip it. UTF-8. */
export const TARGET_GROUP_HEADER = 'sori-target-group';

/** How much of an error's stack is kept, in bytes of UTF-8. */
export const STACKTRACE_MAX_BYTES = 4 * 1024;
/** How much of an error's message is kept, in bytes of UTF-8. */
export const EXCEPTION_MESSAGE_MAX_BYTES = 2 * 1024;

/** Spring Kafka's names (`KafkaHeaders.DLT_*`), and ours. */
const HEADER = {
  originalTopic: 'kafka_dlt-original-topic',
  originalPartition: 'kafka_dlt-original-partition',
  originalOffset: 'kafka_dlt-original-offset',
  originalTimestamp: 'kafka_dlt-original-timestamp',
  originalTimestampType: 'kafka_dlt-original-timestamp-type',
  originalConsumerGroup: 'kafka_dlt-original-consumer-group',
  exceptionFqcn: 'kafka_dlt-exception-fqcn',
  exceptionMessage: 'kafka_dlt-exception-message',
  exceptionStacktrace: 'kafka_dlt-exception-stacktrace',
  attempts: 'sori-attempts',
  deadLetteredAt: 'sori-dead-lettered-at',
  redriveCount: 'sori-redrive-count',
} as const;

/** What a dead letter adds, and what the one that replaces it takes away. */
const ADDED: ReadonlySet<string> = new Set([...Object.values(HEADER), TARGET_GROUP_HEADER]);

/** What every topic of ours has; brokers call it so in `message.timestamp.type`. */
const TIMESTAMP_TYPE = Buffer.from('CreateTime');

/** Why and where a record was given up. */
export interface DeadLetterReason {
  readonly originalTopic: string;
  readonly originalPartition: number;
  readonly originalOffset: number;
  /** Milliseconds since the epoch. */
  readonly originalTimestamp: number;
  readonly consumerGroup: string;
  /** The error's `code`, or its name where it has none. */
  readonly code: string;
  readonly message: string;
  readonly stacktrace: string;
  /** How often a handler was tried; 0 when the record never reached one. */
  readonly attempts: number;
  /** RFC 3339, UTC. */
  readonly deadLetteredAt: string;
  /** How often the record was redriven before. */
  readonly redriveCount: number;
}

/** The record's own headers: what was there before it ever became a dead letter, or was redriven. */
export function originalHeaders(headers: readonly RecordHeader[]): readonly RecordHeader[] {
  return headers.filter(({ key }) => !ADDED.has(key));
}

/**
 * The headers of a dead letter: the record's own, unchanged and first, then the reason. Integers are
 * big-endian as Spring Kafka writes them (partition int32, offset and timestamp int64); all other
 * values are UTF-8, `sori-attempts` and `sori-redrive-count` in decimal. The reason of an earlier
 * round, which a redriven record still carries, is replaced, so that headers do not grow.
 */
export function encodeDeadLetterHeaders(
  record: LogRecord,
  failure: {
    readonly group: string;
    readonly error: unknown;
    readonly attempts: number;
    readonly at: Date;
  },
): readonly RecordHeader[] {
  const { code, message, stacktrace } = describeError(failure.error);
  return [
    ...originalHeaders(record.headers),
    text(HEADER.originalTopic, record.topic),
    { key: HEADER.originalPartition, value: int32(record.partition) },
    { key: HEADER.originalOffset, value: int64(record.offset) },
    { key: HEADER.originalTimestamp, value: int64(record.timestamp) },
    { key: HEADER.originalTimestampType, value: TIMESTAMP_TYPE },
    text(HEADER.originalConsumerGroup, failure.group),
    text(HEADER.exceptionFqcn, code),
    { key: HEADER.exceptionMessage, value: utf8(message, EXCEPTION_MESSAGE_MAX_BYTES) },
    { key: HEADER.exceptionStacktrace, value: utf8(stacktrace, STACKTRACE_MAX_BYTES) },
    text(HEADER.attempts, String(failure.attempts)),
    text(HEADER.deadLetteredAt, failure.at.toISOString()),
    text(HEADER.redriveCount, String(redriveCountOf(record.headers))),
  ];
}

/**
 * Reads the reason back; undefined when these are not a dead letter's headers (one is missing or has
 * the wrong length). Ours may be missing, as in a dead letter of Spring Kafka: then attempts and
 * redrive count are 0 and the time is the epoch's start. Of a repeated header the last counts.
 */
export function decodeDeadLetterHeaders(
  headers: readonly RecordHeader[],
): DeadLetterReason | undefined {
  const values = new Map(headers.map(({ key, value }) => [key, value]));
  const topic = values.get(HEADER.originalTopic);
  const partition = values.get(HEADER.originalPartition);
  const offset = values.get(HEADER.originalOffset);
  const timestamp = values.get(HEADER.originalTimestamp);
  if (topic === undefined || partition?.length !== 4) return undefined;
  if (offset?.length !== 8 || timestamp?.length !== 8) return undefined;
  const read = (name: string): string => values.get(name)?.toString('utf8') ?? '';
  return {
    originalTopic: topic.toString('utf8'),
    originalPartition: partition.readInt32BE(),
    originalOffset: Number(offset.readBigInt64BE()),
    originalTimestamp: Number(timestamp.readBigInt64BE()),
    consumerGroup: read(HEADER.originalConsumerGroup),
    code: read(HEADER.exceptionFqcn),
    message: read(HEADER.exceptionMessage),
    stacktrace: read(HEADER.exceptionStacktrace),
    attempts: count(read(HEADER.attempts)),
    deadLetteredAt: read(HEADER.deadLetteredAt) || new Date(0).toISOString(),
    redriveCount: redriveCountOf(headers),
  };
}

/** How often a record was redriven: 0 when it never was, or the header is not a number. */
export function redriveCountOf(headers: readonly RecordHeader[]): number {
  const header = headers.findLast(({ key }) => key === HEADER.redriveCount);
  return header === undefined ? 0 : count(header.value.toString('utf8'));
}

/** The headers of a redriven record: as they were, one redrive more, for one group alone. */
export function encodeRedriveHeaders(
  headers: readonly RecordHeader[],
  targetGroup: string,
): readonly RecordHeader[] {
  return [
    ...headers.filter(({ key }) => key !== HEADER.redriveCount && key !== TARGET_GROUP_HEADER),
    text(HEADER.redriveCount, String(redriveCountOf(headers) + 1)),
    text(TARGET_GROUP_HEADER, targetGroup),
  ];
}

/** Whether a redriven record is meant for another group. */
export function isForAnotherGroup(headers: readonly RecordHeader[], group: string): boolean {
  const target = headers.findLast(({ key }) => key === TARGET_GROUP_HEADER);
  return target !== undefined && target.value.toString('utf8') !== group;
}

/** An error's code (or name), message and stack; works for anything that can be thrown. */
export function describeError(error: unknown): {
  readonly code: string;
  readonly message: string;
  readonly stacktrace: string;
} {
  if (!(error instanceof Error)) {
    return { code: 'UNKNOWN', message: String(error), stacktrace: '' };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const cause = error.cause instanceof Error ? `\nCaused by: ${error.cause.stack ?? ''}` : '';
  return { code, message: error.message, stacktrace: `${error.stack ?? ''}${cause}` };
}

function count(decimal: string): number {
  return /^\d{1,9}$/.test(decimal) ? Number(decimal) : 0;
}

function text(key: string, value: string): RecordHeader {
  return { key, value: Buffer.from(value) };
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

/** UTF-8 of at most `limit` bytes, never ending inside a character. */
function utf8(value: string, limit: number): Buffer {
  const bytes = Buffer.from(value);
  if (bytes.length <= limit) return bytes;
  let end = limit;
  // 0b10xxxxxx continues a character that starts before the limit.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
