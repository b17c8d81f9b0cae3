import type { Clock } from '../ports/clock.ts';

/** Waits that can be cut short, all together. */
export class Pause {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after `ms`, or at `end()`. */
  wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#clock.setTimer(() => wake(), ms);
    const wake = (): void => {
      timer.cancel();
      this.#waiting.delete(wake);
      resolve();
    };
    this.#waiting.add(wake);
    return promise;
  }

  end(): void {
    for (const wake of this.#waiting) wake();
  }
}
