import type { AnalyticsSnapshot, AnalyticsStreamEvent } from '@sori/api';
import { type Clock, DependencyUnavailable, type Logger, type Timer } from '@sori/stream';
import { eventFrame } from './event-stream.ts';

/** How often a snapshot is taken, in milliseconds. */
export const SNAPSHOT_INTERVAL_MS = 1_000;

export interface Listener {
  send(frame: Buffer): void;
  end(): void;
}

export interface AnalyticsFeedOptions {
  readonly take: () => Promise<AnalyticsSnapshot>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Takes a snapshot a second for as long as somebody listens, and gives all of them the same one: what
 * it costs does not depend on how many they are. Disposing it ends every listener.
 */
export class AnalyticsFeed implements Disposable {
  readonly #take: () => Promise<AnalyticsSnapshot>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #listeners = new Set<Listener>();
  /** What was told last; a newcomer gets it at once. */
  #last: Buffer | undefined;
  #next: Timer | undefined;
  #taking = false;
  #unavailable = false;

  constructor({ take, clock, logger }: AnalyticsFeedOptions) {
    this.#take = take;
    this.#clock = clock;
    this.#logger = logger;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  add(listener: Listener): void {
    this.#listeners.add(listener);
    if (this.#last !== undefined) listener.send(this.#last);
    else if (this.#next === undefined && !this.#taking) this.#turn();
  }

  remove(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#next?.cancel();
    this.#next = undefined;
    this.#last = undefined;
  }

  [Symbol.dispose](): void {
    for (const listener of [...this.#listeners]) {
      this.remove(listener);
      listener.end();
    }
  }

  #turn(): void {
    const startedAt = this.#clock.now();
    this.#taking = true;
    // #tell knows every outcome, and does not reject.
    void this.#tell().finally(() => {
      this.#taking = false;
      if (this.#listeners.size === 0) return;
      const left = SNAPSHOT_INTERVAL_MS - (this.#clock.now() - startedAt);
      this.#next = this.#clock.setTimer(() => this.#turn(), Math.max(0, left));
    });
  }

  async #tell(): Promise<void> {
    try {
      const snapshot = await this.#take();
      this.#unavailable = false;
      this.#broadcast('snapshot', snapshot);
    } catch (err) {
      if (!(err instanceof DependencyUnavailable)) {
        // A mistake of ours: they come back, and find it mended or not.
        this.#logger.error({ err }, 'a snapshot of the analytics failed');
        this[Symbol.dispose]();
      } else if (!this.#unavailable) {
        this.#unavailable = true;
        this.#broadcast('unavailable', {});
      }
    }
  }

  #broadcast(event: AnalyticsStreamEvent, data: object): void {
    if (this.#listeners.size === 0) return;
    this.#last = eventFrame(event, data);
    for (const listener of this.#listeners) listener.send(this.#last);
  }
}
