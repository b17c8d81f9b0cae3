import { LogError } from '../errors.ts';
import type { LogRecord, RecordToAppend, TopicPartition } from '../ports/record.ts';
import { BATCH_OVERHEAD_BYTES, recordSizeBytes } from '../publisher/record-size.ts';

/** What befalls an append instead of success. */
type AppendFault =
  | { readonly kind: 'refused'; readonly error: LogError }
  | { readonly kind: 'acknowledgement-lost' };

/** The records of one partition, and what is to go wrong with it. */
export class PartitionLog {
  readonly target: TopicPartition;
  readonly #maxBatchBytes: number;
  readonly #changed: (target: TopicPartition) => void;
  readonly #faults: AppendFault[] = [];
  #records: LogRecord[] = [];
  #earliest = 0;
  #available = true;
  #held: PromiseWithResolvers<void> | undefined;
  #arrived = 0;

  constructor(
    target: TopicPartition,
    maxBatchBytes: number,
    changed: (target: TopicPartition) => void,
  ) {
    this.target = target;
    this.#maxBatchBytes = maxBatchBytes;
    this.#changed = changed;
  }

  /** The first offset that can be read. */
  get earliest(): number {
    return this.#earliest;
  }

  /** The offset that is written next. */
  get end(): number {
    return this.#earliest + this.#records.length;
  }

  get available(): boolean {
    return this.#available;
  }

  /** Appends that reached this partition, those that failed included. */
  get arrived(): number {
    return this.#arrived;
  }

  /** Settles when an append that arrives now may be worked on. */
  async arrive(): Promise<void> {
    this.#arrived += 1;
    while (this.#held !== undefined) await this.#held.promise;
  }

  /** Stores a batch unless a fault says otherwise; returns its first offset, or throws LogError. */
  append(records: readonly RecordToAppend[], now: number): number {
    if (!this.#available) throw this.unavailable();
    const fault = this.#faults.shift();
    if (fault?.kind === 'refused') throw fault.error;
    const bytes = records.reduce((sum, record) => sum + recordSizeBytes(record), 0);
    if (bytes + BATCH_OVERHEAD_BYTES > this.#maxBatchBytes) {
      throw new LogError('record-too-large', `a batch of ${bytes} bytes is too large`);
    }
    const baseOffset = this.end;
    records.forEach((record, index) => {
      this.#records.push(stored(record, this.target, baseOffset + index, now));
    });
    this.#changed(this.target);
    if (fault !== undefined) {
      throw new LogError('timed-out', 'the acknowledgement was lost', { outcome: 'unknown' });
    }
    return baseOffset;
  }

  /** At most `maxRecords` from `offset` on, which must lie between `earliest` and `end`. */
  read(offset: number, maxRecords = Number.POSITIVE_INFINITY): readonly LogRecord[] {
    const from = offset - this.#earliest;
    return this.#records.slice(from, from + maxRecords);
  }

  /** The first offset whose timestamp is at or after `timestamp`; the end where there is none. */
  offsetAt(timestamp: number): number {
    return this.#records.find((record) => record.timestamp >= timestamp)?.offset ?? this.end;
  }

  /** Retention: what lies below `offset` cannot be read any more. */
  deleteBefore(offset: number): void {
    const removed = Math.min(Math.max(0, offset - this.#earliest), this.#records.length);
    this.#records.splice(0, removed);
    this.#earliest += removed;
    this.#changed(this.target);
  }

  /** An unclean election: acknowledged records from `offset` on are gone; others take their offsets. */
  truncate(offset: number): void {
    this.#records = this.#records.slice(0, Math.max(0, offset - this.#earliest));
    this.#changed(this.target);
  }

  fail(fault: AppendFault): void {
    this.#faults.push(fault);
  }

  hold(): Disposable {
    const held = Promise.withResolvers<void>();
    this.#held = held;
    return {
      [Symbol.dispose]: () => {
        if (this.#held === held) this.#held = undefined;
        held.resolve();
      },
    };
  }

  setAvailable(available: boolean): void {
    this.#available = available;
    this.#changed(this.target);
  }

  unavailable(): LogError {
    const { topic, partition } = this.target;
    return new LogError('unavailable', `${topic}-${partition} has no leader`);
  }
}

/** A copy: what the caller does with its buffers later changes nothing here. */
function stored(
  { key, value, headers }: RecordToAppend,
  target: TopicPartition,
  offset: number,
  timestamp: number,
): LogRecord {
  return Object.freeze({
    topic: target.topic,
    partition: target.partition,
    offset,
    timestamp,
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: headers.map((header) => ({ key: header.key, value: Buffer.from(header.value) })),
  });
}
