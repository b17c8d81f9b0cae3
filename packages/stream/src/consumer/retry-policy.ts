/** How often, and for how long, a record whose handler fails is tried again, in its lane. */
export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly maxAttempts: number;
  /** Before the second try. Doubled each time. */
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  /** How much of a delay is left to chance, 0 to 1, so that records do not all come back at once. */
  readonly jitter: number;
  /** Over tries and waits together. Waiting for a dependency does not count. */
  readonly maxElapsedMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 5,
  initialDelayMs: 200,
  maxDelayMs: 5_000,
  jitter: 0.5,
  maxElapsedMs: 30_000,
};

/**
 * How long to wait after the try number `attempts` failed, in milliseconds; undefined when that was
 * the last. `elapsedMs` is what the record has used up; `random` gives 0 (inclusive) to 1.
 */
export function retryDelay(
  policy: RetryPolicy,
  attempts: number,
  elapsedMs: number,
  random: () => number = Math.random,
): number | undefined {
  if (attempts >= policy.maxAttempts) return undefined;
  const delay = backoff(policy, attempts, random);
  return elapsedMs + delay > policy.maxElapsedMs ? undefined : delay;
}

/** The wait after failure number `failures`: exponential, capped, with jitter; milliseconds. */
export function backoff(
  policy: Pick<RetryPolicy, 'initialDelayMs' | 'maxDelayMs' | 'jitter'>,
  failures: number,
  random: () => number = Math.random,
): number {
  const full = Math.min(policy.maxDelayMs, policy.initialDelayMs * 2 ** (failures - 1));
  return full * (1 - policy.jitter * random());
}
