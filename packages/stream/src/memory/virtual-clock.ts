import { setImmediate } from 'node:timers/promises';
import type { Clock, Timer } from '../ports/clock.ts';

/** Where virtual time begins unless said otherwise: 2026-01-27T00:00:00Z. */
const BEGINNING_MS = Date.UTC(2026, 0, 27);

interface Pending extends Timer {
  readonly at: number;
  readonly run: () => void;
}

/**
 * Time that passes only when a test says so. Timers fire in the order of their times; between two of
 * them everything that waits for nothing but promises runs to its end.
 */
export class VirtualClock implements Clock {
  #now: number;
  /** By time; of one time, in the order in which they were set. */
  readonly #timers: Pending[] = [];

  /** `startsAt` in milliseconds since the epoch. */
  constructor(startsAt: number = BEGINNING_MS) {
    this.#now = startsAt;
  }

  now(): number {
    return this.#now;
  }

  /** How many timers wait: 0 after everything that set some was disposed. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  setTimer(run: () => void, ms: number): Timer {
    const cancel = (): void => {
      const index = this.#timers.indexOf(timer);
      if (index !== -1) this.#timers.splice(index, 1);
    };
    const timer: Pending = {
      at: this.#now + Math.max(0, ms),
      run,
      cancel,
      [Symbol.dispose]: cancel,
    };
    const later = this.#timers.findIndex(({ at }) => at > timer.at);
    this.#timers.splice(later === -1 ? this.#timers.length : later, 0, timer);
    return timer;
  }

  /** Lets `ms` pass, with every timer that falls into them. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    for (let next = this.#timers[0]; next !== undefined && next.at <= end; next = this.#timers[0]) {
      next.cancel();
      this.#now = next.at;
      next.run();
      await this.settle();
    }
    this.#now = end;
  }

  /** Lets everything run that waits for promises only. No time passes. */
  async settle(): Promise<void> {
    await setImmediate();
  }
}
