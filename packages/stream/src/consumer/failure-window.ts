/** Whether the last few records mostly failed. A ring of flags; each record is counted once. */
export class FailureWindow {
  readonly #failed: Uint8Array;
  readonly #minimum: number;
  readonly #ratio: number;
  #next = 0;
  #size = 0;
  #failures = 0;

  constructor(options: {
    readonly records: number;
    /** Fewer than this many records say nothing. */
    readonly minimumRecords: number;
    /** The part that must have failed, 0 to 1. */
    readonly failureRatio: number;
  }) {
    this.#failed = new Uint8Array(options.records);
    this.#minimum = Math.min(options.minimumRecords, options.records);
    this.#ratio = options.failureRatio;
  }

  /** Counts one record more, and forgets the oldest. */
  add(failed: boolean): void {
    const flag = failed ? 1 : 0;
    this.#failures += flag - (this.#failed[this.#next] ?? 0);
    this.#failed[this.#next] = flag;
    this.#next = (this.#next + 1) % this.#failed.length;
    if (this.#size < this.#failed.length) this.#size += 1;
  }

  get mostlyFailing(): boolean {
    return this.#size >= this.#minimum && this.#failures >= this.#ratio * this.#size;
  }

  clear(): void {
    this.#failed.fill(0);
    this.#next = 0;
    this.#size = 0;
    this.#failures = 0;
  }
}
