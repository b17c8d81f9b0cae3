import type { Event } from '@sori/contract';
import type { LogRecord } from '../ports/record.ts';
import type { LaneItem } from './key-lanes.ts';
import type { TrackedOffset } from './offset-tracker.ts';

/** A handler with its event type forgotten. */
export type AnyHandler<Context> = (event: Event, context: Context) => Promise<void>;

/** A record from when it was read until it is done: its place in its partition and in its lane. */
export class PendingRecord implements TrackedOffset, LaneItem {
  readonly offset: number;
  readonly record: LogRecord;
  readonly bytes: number;
  /** When it was read, milliseconds since the epoch. */
  readonly receivedAt: number;
  done = false;
  nextInPartition: TrackedOffset | undefined = undefined;
  nextInLane: LaneItem | undefined = undefined;
  /** Decoded at the first try. */
  event: Event | undefined = undefined;
  /** Tries that counted. */
  attempts = 0;
  /** What tries and waits between them took, in milliseconds. */
  elapsedMs = 0;
  /** When the try that runs began. */
  startedAt = 0;
  /** Whether the try that runs is the breaker's probe. */
  probe = false;
  /** Why it is given up; set, it only has to reach its dead-letter topic. */
  failure: { readonly error: unknown } | undefined = undefined;
  /** How often its dead letter was refused. */
  refusedDeadLetters = 0;

  constructor(record: LogRecord, receivedAt: number) {
    this.offset = record.offset;
    this.record = record;
    this.bytes = sizeOf(record);
    this.receivedAt = receivedAt;
  }
}

function sizeOf({ key, value, headers }: LogRecord): number {
  let bytes = (key?.length ?? 0) + (value?.length ?? 0);
  for (const header of headers) bytes += header.key.length + header.value.length;
  return bytes;
}
