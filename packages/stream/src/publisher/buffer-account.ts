import type { PublisherMetrics } from '../ports/metrics.ts';

/** Counts what all lanes of a publisher hold in memory, against its limits. */
export class BufferAccount {
  readonly #maxRecords: number;
  readonly #maxBytes: number;
  readonly #metrics: PublisherMetrics | undefined;
  #records = 0;
  #bytes = 0;

  constructor(maxRecords: number, maxBytes: number, metrics: PublisherMetrics | undefined) {
    this.#maxRecords = maxRecords;
    this.#maxBytes = maxBytes;
    this.#metrics = metrics;
  }

  hasRoomFor(bytes: number): boolean {
    return this.#records < this.#maxRecords && this.#bytes + bytes <= this.#maxBytes;
  }

  add(bytes: number): void {
    this.#records += 1;
    this.#bytes += bytes;
    this.#metrics?.buffered(this.#records, this.#bytes);
  }

  release(records: number, bytes: number): void {
    this.#records -= records;
    this.#bytes -= bytes;
    this.#metrics?.buffered(this.#records, this.#bytes);
  }
}
