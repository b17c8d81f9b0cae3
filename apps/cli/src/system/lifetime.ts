import { EXIT } from '../errors.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Within this, a second signal is the first one again: a terminal sends it, and npm passes it on. */
const SAME_PRESS_MS = 1_000;

/**
 * A signal that aborts at the first Ctrl-C, SIGTERM or SIGHUP (the terminal was closed). The second
 * one calls `cannotWait` and ends the process at once. Disposing it gives the signals back.
 */
export function untilInterrupted(
  cannotWait: () => void = () => {},
): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  let firstAt = 0;
  const interrupt = (): void => {
    if (!controller.signal.aborted) {
      firstAt = performance.now();
      controller.abort(new Interrupted());
    } else if (performance.now() - firstAt > SAME_PRESS_MS) {
      cannotWait();
      process.exit(EXIT.interrupted);
    }
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of SIGNALS) process.off(name, interrupt);
    },
  };
}

/**
 * While it is not disposed: a mistake that nobody caught calls `stop` with the error instead of ending
 * the process, for a command that has to put away what it started.
 */
export function untilCrashed(stop: (error: Error) => void): Disposable {
  process.on('uncaughtException', stop);
  return { [Symbol.dispose]: () => process.off('uncaughtException', stop) };
}

/** Somebody asked us to stop: not an error to report. */
export class Interrupted extends Error {
  readonly code = 'CLI_INTERRUPTED';
  readonly retryable = false;
  override readonly name = 'Interrupted';

  constructor() {
    super('interrupted');
  }
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
