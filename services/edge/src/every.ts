import type { Clock, Timer } from '@sori/stream';

/** Runs something every so often, in milliseconds, until it is disposed. */
export function every(ms: number, clock: Clock, run: () => void): Disposable {
  let timer: Timer;
  const schedule = (): void => {
    timer = clock.setTimer(() => {
      // First, so that a run that throws is not the last.
      schedule();
      run();
    }, ms);
  };
  schedule();
  return { [Symbol.dispose]: () => timer.cancel() };
}
