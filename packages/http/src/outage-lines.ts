/** While requests fail for the same reason, one line is logged in this time. */
const LINE_EVERY_MS = 10_000;

/** Keeps an outage, which every request meets, from filling the log with one line each. */
export class OutageLines {
  readonly #now: () => number;
  readonly #lastLine = new Map<string, number>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether a failure of this code is worth a line now. */
  due(code: string): boolean {
    const now = this.#now();
    const last = this.#lastLine.get(code);
    if (last !== undefined && now - last < LINE_EVERY_MS) return false;
    this.#lastLine.set(code, now);
    return true;
  }
}
