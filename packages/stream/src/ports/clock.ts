/** Time, so that tests can hold it. Milliseconds. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once after `ms`. The timer does not keep the process alive. */
  setTimer(run: () => void, ms: number): Timer;
}

export interface Timer extends Disposable {
  cancel(): void;
}
