/**
 * How long an expected change may take. Shorter than LONG_SESSION_MS, so that what happens within it
 * did not wait for a session to end; long enough for a rebalance of a busy test cluster.
 */
const PATIENCE_MS = 30_000;

/** A session that cannot end while a test waits for something. */
export const LONG_SESSION_MS = 45_000;

/** Lets tests wait for conditions instead of times. */
export class Changes {
  readonly #events = new EventTarget();

  happened(): void {
    this.#events.dispatchEvent(new Event('change'));
  }

  /** Resolves after a change that makes `condition` true; rejects with `what` when none does in time. */
  async until(condition: () => boolean, what: string): Promise<void> {
    if (condition()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timeout = setTimeout(
      () => reject(new Error(`not within ${PATIENCE_MS} ms: ${what}`)),
      PATIENCE_MS,
    );
    const check = (): void => {
      if (condition()) resolve();
    };
    this.#events.addEventListener('change', check);
    try {
      await promise;
    } finally {
      clearTimeout(timeout);
      this.#events.removeEventListener('change', check);
    }
  }
}
