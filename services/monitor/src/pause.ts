import type { Clock } from '@sori/stream';

/** Waits `ms`, or until the signal aborts. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = () => resolve();
  signal.addEventListener('abort', wake, { once: true });
  using _timer = clock.setTimer(wake, ms);
  await promise;
  signal.removeEventListener('abort', wake);
}
