import { UndecodableRecord } from '@sori/contract';
import type { LogReader, LogRecord, LogSubscription, RecordBatch } from '@sori/stream';
import type { ReplaySource } from '../connection/replay-source.ts';
import { decodeFrame, type FeedFrame } from '../feed/feed-frame.ts';
import { isAtOrPast, type Positions } from '../feed/positions.ts';
import { Fifo } from '../ring/fifo.ts';
import type { Ring } from '../ring/ring.ts';
import { RingReplay } from '../ring/ring-replay.ts';

/** Reading stops while this many frames wait for the connection. */
const BUFFERED_FRAMES = 200;

export interface LogReplayOptions {
  readonly log: LogReader;
  readonly topic: string;
  readonly ring: Ring;
  readonly userId: string;
  /** Below the ring's start in some partition. */
  readonly cursor: Positions;
  /** How many records of all people may be read. */
  readonly maxRecords: number;
  /** There is something to take. */
  readonly onMore: () => void;
  /** Once, when the log is not needed any more. */
  readonly onDone: () => void;
}

/**
 * A person's frames from a cursor that is older than the ring: reads the log up to where the ring
 * starts by then, and goes on in the ring.
 */
export class LogReplay implements ReplaySource {
  readonly #options: LogReplayOptions;
  readonly #subscription: LogSubscription;
  readonly #assigned = new Set<number>();
  readonly #frames = new Fifo<FeedFrame>();
  /** Source events of the frames, so that a redelivery is told once. */
  readonly #told = new Set<string>();
  readonly #mention: Buffer;
  /** Up to where the log was read, or need not be. */
  readonly #read: number[];
  readonly #cursor: number[];
  #records = 0;
  #broken: 'interrupted' | 'gone' | undefined;
  #rest: RingReplay | undefined;
  #isDone = false;

  constructor(options: LogReplayOptions) {
    this.#options = options;
    this.#mention = Buffer.from(JSON.stringify(options.userId));
    this.#cursor = Array.from(options.cursor);
    this.#read = Array.from(options.cursor);
    this.#subscription = options.log.open({
      sink: {
        records: (batch) => this.#take(batch),
        outOfRange: () => this.#break('gone'),
        failing: () => this.#break('interrupted'),
        recovered: () => {},
      },
    });
    this.#readOn();
  }

  get cursor(): Positions {
    return this.#rest?.cursor ?? this.#cursor;
  }

  next(): ReturnType<ReplaySource['next']> {
    if (this.#rest !== undefined) return this.#rest.next();
    const frame = this.#frames.shift();
    if (frame !== undefined) {
      this.#cursor[frame.partition] = frame.offset + 1;
      return frame;
    }
    for (const [partition, offset] of this.#read.entries()) this.#cursor[partition] = offset;
    if (this.#broken !== undefined) return this.#broken;
    if (!isAtOrPast(this.#read, this.#options.ring.starts)) {
      this.#readOn();
      return 'wait';
    }
    this.#finish();
    const { ring, userId } = this.#options;
    this.#rest = new RingReplay(ring, userId, this.#cursor, this.#told);
    return this.#rest.next();
  }

  [Symbol.dispose](): void {
    this.#finish();
  }

  #finish(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    void this.#subscription[Symbol.asyncDispose]();
    this.#options.onDone();
  }

  #break(why: 'interrupted' | 'gone'): void {
    this.#broken ??= why;
    this.#options.onMore();
  }

  #take(batch: RecordBatch): void {
    const { partition, topic } = batch;
    const { maxRecords, onMore, ring } = this.#options;
    // What the ring has it gives without what is told twice, so it is left to the ring.
    const start = ring.starts[partition] ?? 0;
    for (const record of batch.records) if (record.offset < start) this.#keep(record);
    this.#read[partition] = Math.min(batch.nextOffset, Math.max(start, this.#read[partition] ?? 0));
    if (batch.nextOffset >= start) {
      this.#subscription.unassign({ topic, partition });
      this.#assigned.delete(partition);
    } else if (this.#frames.length >= BUFFERED_FRAMES) {
      this.#subscription.pause({ topic, partition });
    }
    this.#records += batch.records.length;
    // The ring moves on while the log is read: some more than planned is still no reason to give up.
    if (this.#records > maxRecords * 2) this.#break('gone');
    else onMore();
  }

  #keep(record: LogRecord): void {
    // Most records are for others: looking for the id is far cheaper than reading the record.
    if (!record.value?.includes(this.#mention)) return;
    try {
      const { frame, recipients } = decodeFrame(record);
      if (!recipients.includes(this.#options.userId) || this.#told.has(frame.sourceId)) return;
      this.#told.add(frame.sourceId);
      this.#frames.push(frame);
    } catch (error) {
      // Counted by the feed when it met the record.
      if (!(error instanceof UndecodableRecord)) throw error;
    }
  }

  /** Reads whatever partition is still below the ring. */
  #readOn(): void {
    const { topic, ring } = this.#options;
    for (const [partition, start] of ring.starts.entries()) {
      const offset = this.#read[partition] ?? 0;
      if (offset >= start) continue;
      if (this.#assigned.has(partition)) {
        this.#subscription.resume({ topic, partition });
      } else {
        this.#assigned.add(partition);
        this.#subscription.assign({ topic, partition, offset });
      }
    }
  }
}
