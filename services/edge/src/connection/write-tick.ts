import type { Clock, Timer } from '@sori/stream';

/** What a tick writes. */
export interface Flushable {
  flush(now: number): void;
}

export interface WriteTickOptions {
  readonly clock: Clock;
  /** The shortest time between two rounds, in milliseconds. */
  readonly everyMs: number;
  /** An event was written to everyone whom it could be written to, `ms` after it happened. */
  readonly onDelivered: (ms: number) => void;
}

/**
 * Lets frames gather: all connections with something to write are written together, at once when the
 * edge is idle and after `everyMs` when it is not. So a write carries more the more there is to do.
 */
export class WriteTick implements Disposable {
  readonly #options: WriteTickOptions;
  #due: Flushable[] = [];
  #occurredAt: number[] = [];
  #timer: Timer | undefined;
  #lastAt = 0;

  constructor(options: WriteTickOptions) {
    this.#options = options;
  }

  /** Flushes it with the next round. The caller asks once for each round. */
  schedule(flushable: Flushable): void {
    this.#due.push(flushable);
    if (this.#timer !== undefined) return;
    const { clock, everyMs } = this.#options;
    const sinceLast = Math.max(0, clock.now() - this.#lastAt);
    this.#timer = clock.setTimer(() => this.#run(), Math.max(0, everyMs - sinceLast));
  }

  /** An event is among what the next round writes; it happened then. */
  carries(occurredAt: number): void {
    if (this.#timer !== undefined) this.#occurredAt.push(occurredAt);
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
    this.#due = [];
  }

  #run(): void {
    const { clock, onDelivered } = this.#options;
    const due = this.#due;
    const occurredAt = this.#occurredAt;
    this.#due = [];
    this.#occurredAt = [];
    this.#timer = undefined;
    this.#lastAt = clock.now();
    for (const flushable of due) flushable.flush(this.#lastAt);
    const now = clock.now();
    for (const at of occurredAt) onDelivered(now - at);
  }
}
