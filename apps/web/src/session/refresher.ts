export interface Refresher {
  /** Asks again; resolves once an answer is in that was asked for after this call. */
  refresh(): Promise<void>;
}

/**
 * One question at a time: whoever asks while one is under way shares one more, asked after it, so
 * that a burst of events asks twice and the last answer is never older than the last event.
 */
export function createRefresher(
  ask: () => Promise<void>,
  failed: (error: unknown) => void,
): Refresher {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function run(): Promise<void> {
    const asked = ask()
      .catch(failed)
      .finally(() => {
        if (running === asked) running = undefined;
      });
    running = asked;
    return asked;
  }

  return {
    refresh() {
      if (running === undefined) return run();
      next ??= running.then(() => {
        next = undefined;
        return run();
      });
      return next;
    },
  };
}
