/** How many records a lane took and how many of them have settled, for those who wait for that. */
export class SettledCount {
  #accepted = 0;
  #settled = 0;
  #waiters: { readonly upTo: number; readonly resolve: () => void }[] = [];

  accept(): void {
    this.#accepted += 1;
  }

  settle(): void {
    this.#settled += 1;
    if (this.#waiters.length === 0) return;
    for (const waiter of this.#waiters) if (waiter.upTo <= this.#settled) waiter.resolve();
    this.#waiters = this.#waiters.filter((waiter) => waiter.upTo > this.#settled);
  }

  get isAll(): boolean {
    return this.#settled === this.#accepted;
  }

  /** Resolves when as many have settled as are accepted now: those themselves, a lane being in order. */
  all(): Promise<void> {
    if (this.isAll) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiters.push({ upTo: this.#accepted, resolve });
    return promise;
  }
}
