import type { RecordBatch } from '../ports/log-reader.ts';
import type { LogRecord } from '../ports/record.ts';

/** The head of a queue: records that follow each other, and where what follows them begins. */
export interface QueueHead {
  readonly records: readonly LogRecord[];
  readonly to: number;
  /** What it is made of: so many batches, and so many records of the one after them. */
  readonly batches: number;
  readonly cut: number;
}

/** What one partition has read and not applied. */
export class RecordQueue {
  #batches: Pick<RecordBatch, 'records' | 'nextOffset'>[] = [];
  #records = 0;
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  get records(): number {
    return this.#records;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Returns the bytes that came. */
  push({ records, nextOffset }: Pick<RecordBatch, 'records' | 'nextOffset'>): number {
    const bytes = sizeOf(records);
    this.#batches.push({ records, nextOffset });
    this.#records += records.length;
    this.#bytes += bytes;
    return bytes;
  }

  /** The first records, `limit` at most. They stay until `remove`. The queue must not be empty. */
  head(limit: number): QueueHead {
    const records: LogRecord[] = [];
    let to = 0;
    let batches = 0;
    for (const batch of this.#batches) {
      const room = limit - records.length;
      const next = batch.records[room];
      if (next !== undefined) {
        records.push(...batch.records.slice(0, room));
        return { records, to: next.offset, batches, cut: room };
      }
      records.push(...batch.records);
      to = batch.nextOffset;
      batches += 1;
    }
    return { records, to, batches, cut: 0 };
  }

  /** Removes what `head` gave; what came since stays. */
  remove({ records, batches, cut }: QueueHead): void {
    this.#records -= records.length;
    this.#bytes -= sizeOf(records);
    this.#batches.splice(0, batches);
    const [first] = this.#batches;
    if (cut > 0 && first !== undefined) {
      this.#batches[0] = { ...first, records: first.records.slice(cut) };
    }
  }

  clear(): void {
    this.#batches = [];
    this.#records = 0;
    this.#bytes = 0;
  }
}

function sizeOf(records: readonly LogRecord[]): number {
  let bytes = 0;
  for (const { key, value, headers } of records) {
    bytes += (key?.length ?? 0) + (value?.length ?? 0);
    for (const header of headers) bytes += header.key.length + header.value.length;
  }
  return bytes;
}
