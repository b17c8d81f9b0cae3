import { LogError } from '@sori/stream';
import { RETRY_DELAY_MS } from './connection.ts';

/** Waits `ms`, or until the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = () => resolve();
  const timer = setTimeout(wake, ms);
  signal.addEventListener('abort', wake, { once: true });
  await promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', wake);
}

/**
 * What `work` gives, or LogError `unavailable` when `ms` have passed or the signal aborts first.
 * The work itself goes on; its late outcome is dropped.
 */
export async function within<T>(
  work: Promise<T>,
  ms: number,
  signal: AbortSignal,
  what: string,
): Promise<T> {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const expire = () =>
    reject(new LogError('unavailable', `${what}: no answer in ${Math.round(ms)} ms`));
  const abort = () => reject(new LogError('unavailable', `${what}: closed`));
  const timer = setTimeout(expire, ms);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/**
 * Tries until `attempt` resolves, rejects with an error that trying again cannot help, or `ms` have
 * passed; flat RETRY_DELAY_MS between tries. `attempt` rejects with LogError only.
 */
export async function retryWithin<T>(
  attempt: () => Promise<T>,
  ms: number,
  signal: AbortSignal,
  what: string,
): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    try {
      return await within(attempt(), Math.max(1, deadline - performance.now()), signal, what);
    } catch (error) {
      const retryable = error instanceof LogError && error.retryable;
      const late = performance.now() + RETRY_DELAY_MS >= deadline;
      if (!retryable || signal.aborted) throw error;
      if (late) {
        const reason = `${what}: gave up after ${ms} ms: ${error.message}`;
        throw new LogError('unavailable', reason, { cause: error });
      }
      await pause(RETRY_DELAY_MS, signal);
    }
  }
}
