import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { TopicPartition } from '../ports/record.ts';
import { OUTAGE_LOG_INTERVAL_MS } from './limits.ts';

/** Says that the log refuses records: one line in OUTAGE_LOG_INTERVAL_MS over all lanes, and one at the end. */
export class OutageLog {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #failing = new Set<TopicPartition>();
  #saidAt = Number.NEGATIVE_INFINITY;
  #failures = 0;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** `target` is the lane's own object: lanes are told apart by it. */
  failed(target: TopicPartition, err: Error): void {
    this.#failing.add(target);
    this.#failures += 1;
    const now = this.#clock.now();
    if (now - this.#saidAt < OUTAGE_LOG_INTERVAL_MS) return;
    this.#saidAt = now;
    const fields = { ...target, partitions: this.#failing.size, failures: this.#failures, err };
    this.#logger.warn(fields, 'the log does not take records');
  }

  succeeded(target: TopicPartition): void {
    if (this.#failing.size === 0 || !this.#failing.delete(target)) return;
    if (this.#failing.size > 0) return;
    this.#logger.info({ failures: this.#failures }, 'the log takes records again');
    this.#failures = 0;
  }
}
