import type { Clock } from './ports/clock.ts';

/** The machine's own time. */
export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  setTimer(run: () => void, ms: number) {
    const timeout = setTimeout(run, ms).unref();
    const cancel = (): void => clearTimeout(timeout);
    return { cancel, [Symbol.dispose]: cancel };
  },
});
