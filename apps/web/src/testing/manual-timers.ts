interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export interface ManualTimers {
  readonly after: (ms: number, callback: () => void) => () => void;
  /** Lets time pass: what is due is called in order, with what that adds. */
  advance(ms: number): void;
  /** How many wait. */
  waiting(): number;
}

/** Time that passes only when a test says so. */
export function createManualTimers(): ManualTimers {
  let now = 0;
  const timers = new Set<Timer>();
  return {
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = [...timers]
          .filter(({ at }) => at <= end)
          .sort((one, other) => one.at - other.at);
        const next = due[0];
        if (next === undefined) break;
        now = next.at;
        timers.delete(next);
        next.callback();
      }
      now = end;
    },
    waiting: () => timers.size,
  };
}
