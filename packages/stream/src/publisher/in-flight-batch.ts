import type { BufferAccount } from './buffer-account.ts';
import { totalBytes } from './lane-queue.ts';
import type { PendingRecord } from './pending-record.ts';

/** What a lane's append holds: nothing, or one batch. Its records count as buffered until it has settled. */
export class InFlightBatch {
  readonly #buffer: BufferAccount;
  #records: readonly PendingRecord[] = [];
  #bytes = 0;

  constructor(buffer: BufferAccount) {
    this.#buffer = buffer;
  }

  get records(): readonly PendingRecord[] {
    return this.#records;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The first whose promise is not settled. */
  get oldest(): PendingRecord | undefined {
    return this.#records.find((pending) => !pending.settled);
  }

  depart(batch: readonly PendingRecord[]): void {
    this.#records = batch;
    this.#bytes = totalBytes(batch);
  }

  /** The append has settled: nothing of it is held any more. */
  land(): void {
    this.#buffer.release(this.#records.length, this.#bytes);
    this.#clear();
  }

  /** It is surely not stored: gives back what was not given up meanwhile, which stays buffered. */
  recall(): readonly PendingRecord[] {
    const alive = this.#records.filter((pending) => !pending.settled);
    this.#buffer.release(this.#records.length - alive.length, this.#bytes - totalBytes(alive));
    this.#clear();
    return alive;
  }

  #clear(): void {
    this.#records = [];
    this.#bytes = 0;
  }
}
