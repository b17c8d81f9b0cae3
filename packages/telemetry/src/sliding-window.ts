const BUCKET_MS = 1_000;

/** How far back the `…_rate` and `…_avg` gauges look, in seconds: Java's clients use 30 as well. */
export const WINDOW_SECONDS = 30;

/** The shortest time that a rate is taken over: the first record of a process is no burst. */
const SHORTEST_SECONDS = 1;

/** Milliseconds of a clock that never goes back. */
export type Now = () => number;

/** Sums over the last `WINDOW_SECONDS`, in buckets of a second. Adding costs no allocation. */
export class SlidingWindow {
  readonly #counts = new Float64Array(WINDOW_SECONDS);
  readonly #totals = new Float64Array(WINDOW_SECONDS);
  /** Which second each bucket holds. */
  readonly #seconds = new Float64Array(WINDOW_SECONDS).fill(-1);
  readonly #now: Now;
  readonly #startedAt: number;

  constructor(now: Now) {
    this.#now = now;
    this.#startedAt = now();
  }

  /** Adds `count` things whose measures sum to `total`. */
  add(count: number, total: number): void {
    const second = Math.floor(this.#now() / BUCKET_MS);
    const bucket = second % WINDOW_SECONDS;
    if (this.#seconds[bucket] !== second) {
      this.#seconds[bucket] = second;
      this.#counts[bucket] = 0;
      this.#totals[bucket] = 0;
    }
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
    this.#totals[bucket] = (this.#totals[bucket] ?? 0) + total;
  }

  /** Things a second. */
  rate(): number {
    const now = this.#now();
    const windowStart = (this.#oldestSecond(now) * BUCKET_MS) / 1_000;
    const seconds = now / 1_000 - Math.max(windowStart, this.#startedAt / 1_000);
    return this.#sum(this.#counts, now) / Math.max(seconds, SHORTEST_SECONDS);
  }

  /** The mean measure of a thing; undefined when there was none. */
  average(): number | undefined {
    const now = this.#now();
    const count = this.#sum(this.#counts, now);
    return count === 0 ? undefined : this.#sum(this.#totals, now) / count;
  }

  #sum(values: Float64Array, now: number): number {
    const oldest = this.#oldestSecond(now);
    let sum = 0;
    for (const [bucket, second] of this.#seconds.entries()) {
      if (second >= oldest) sum += values[bucket] ?? 0;
    }
    return sum;
  }

  #oldestSecond(now: number): number {
    return Math.floor(now / BUCKET_MS) - (WINDOW_SECONDS - 1);
  }
}
