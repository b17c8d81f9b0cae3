import { feedAppended } from '@sori/chat-events';
import { decodeEvent, UndecodableRecord } from '@sori/contract';
import type { LogRecord } from '@sori/stream';
import { effectOf, type FeedEffect } from './effect.ts';

/** A type that may stand on an `event:` line; anything else could end the line. */
const EVENT_NAME = /^[a-z0-9.-]{1,200}$/;

const NOBODY: ReadonlySet<string> = new Set();

/** A record of the feed as the streams of its recipients show it. */
export class FeedFrame {
  readonly partition: number;
  readonly offset: number;
  /** When the record was written to the log, milliseconds since the epoch. */
  readonly timestamp: number;
  /** The event that it tells of; a redelivery tells of it again. */
  readonly sourceId: string;
  /** When that happened, milliseconds since the epoch. */
  readonly occurredAt: number;
  readonly effect: FeedEffect | undefined;
  readonly #silent: ReadonlySet<string>;
  readonly #head: Buffer;
  readonly #tail: Buffer;

  constructor(record: LogRecord, { source, silent }: FeedAppended) {
    this.partition = record.partition;
    this.offset = record.offset;
    this.timestamp = record.timestamp;
    this.sourceId = source.id;
    this.occurredAt = Date.parse(source.time);
    this.effect = effectOf(source.type, source.data);
    this.#silent = silent.length === 0 ? NOBODY : new Set(silent);
    const { id, time } = source;
    const named = JSON.stringify({ id, time }).slice(0, -1);
    this.#head = Buffer.from(`event: ${source.type}\ndata: ${named},"alert":`);
    this.#tail = Buffer.from(`,"data":${JSON.stringify(source.data)}}\n\n`);
  }

  alerts(userId: string): boolean {
    return !this.#silent.has(userId);
  }

  /** The frame as it is written, with its position. Two forms at most: with an alert and without. */
  bytes(id: string, alert: boolean): Buffer {
    return Buffer.concat([
      Buffer.from(`id: ${id}\n`),
      this.#head,
      alert ? TRUE : FALSE,
      this.#tail,
    ]);
  }

  /** What it takes in memory, about, in bytes. */
  get size(): number {
    return (
      this.#head.length + this.#tail.length + this.#silent.size * BYTES_PER_SILENT + OVERHEAD_BYTES
    );
  }
}

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

/** A set's entry and its string. */
const BYTES_PER_SILENT = 80;
/** The object, its two buffers and the source id. */
const OVERHEAD_BYTES = 500;

type FeedAppended = Parameters<typeof feedAppended>[0];

export interface DecodedFrame {
  readonly frame: FeedFrame;
  /** Who gets it, on every device. Each once. */
  readonly recipients: readonly string[];
}

/** Reads a record of the feed. Throws UndecodableRecord. */
export function decodeFrame(record: LogRecord): DecodedFrame {
  const event = decodeEvent(record, (type) =>
    type === feedAppended.type ? feedAppended : undefined,
  );
  // Checked by the definition, which decodeEvent was given as the only one.
  const data = event.data as FeedAppended;
  if (!EVENT_NAME.test(data.source.type)) {
    throw new UndecodableRecord('invalid-data', 'the source has no type that a stream can name');
  }
  return { frame: new FeedFrame(record, data), recipients: Array.from(new Set(data.recipients)) };
}
