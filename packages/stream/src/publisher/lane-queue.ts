import type { PendingRecord } from './pending-record.ts';

/** Records of one lane that are not in flight, in the order in which they were taken. */
export class LaneQueue {
  #records: PendingRecord[] = [];
  #bytes = 0;

  get length(): number {
    return this.#records.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get oldest(): PendingRecord | undefined {
    return this.#records[0];
  }

  push(pending: PendingRecord): void {
    this.#records.push(pending);
    this.#bytes += pending.bytes;
  }

  /** Puts records back in front, where they were taken from. */
  restore(records: readonly PendingRecord[]): void {
    this.#records = records.concat(this.#records);
    this.#bytes += totalBytes(records);
  }

  /** Takes the next batch: at most `maxRecords` and `maxBytes`, but at least one record if there is one. */
  takeBatch(maxRecords: number, maxBytes: number): readonly PendingRecord[] {
    let count = 0;
    let bytes = 0;
    for (const pending of this.#records) {
      if (count === maxRecords || (count > 0 && bytes + pending.bytes > maxBytes)) break;
      count += 1;
      bytes += pending.bytes;
    }
    return this.#take(count);
  }

  /** Takes the records whose deadline is at or before `now`. */
  takeExpired(now: number): readonly PendingRecord[] {
    // All deadlines are equally far from the taking, so the expired stand in front.
    const alive = this.#records.findIndex((pending) => pending.expiresAt > now);
    return this.#take(alive === -1 ? this.#records.length : alive);
  }

  takeAll(): readonly PendingRecord[] {
    return this.#take(this.#records.length);
  }

  #take(count: number): readonly PendingRecord[] {
    const taken = this.#records.splice(0, count);
    this.#bytes -= totalBytes(taken);
    return taken;
  }
}

/** The size of records as counted against the limits. */
export function totalBytes(records: readonly PendingRecord[]): number {
  let bytes = 0;
  for (const pending of records) bytes += pending.bytes;
  return bytes;
}
