import type { Clock, Timer } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { ConsumerMetrics } from '../ports/metrics.ts';
import { FailureWindow } from './failure-window.ts';
import { backoff } from './retry-policy.ts';

export interface BreakerOptions {
  /** How many records, each counted by its first try, the failure rate is taken over. */
  readonly windowRecords: number;
  /** Below this many the failure rate says nothing. */
  readonly minimumRecords: number;
  /** The part of them that must have failed, 0 to 1. */
  readonly failureRatio: number;
  /** From opening to the first probe; doubled after each that fails. */
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  /** How much of a delay is left to chance, 0 to 1. */
  readonly jitter: number;
}

export const DEFAULT_BREAKER: BreakerOptions = {
  windowRecords: 20,
  minimumRecords: 10,
  failureRatio: 0.8,
  initialDelayMs: 500,
  maxDelayMs: 10_000,
  jitter: 0.2,
};

export interface BreakerDependencies {
  readonly options: BreakerOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ConsumerMetrics;
  /** A probe may be claimed now, or everything may go on. */
  readonly onChange: () => void;
}

/** Why it is open: one error that speaks for all records, or many records that fail alike. */
type Cause = 'dependency' | 'failure-rate';

/**
 * Stops a consumer from trying record after record while nothing can succeed. Open, it lets one
 * record at a time through as a probe. One for all partitions of a consumer: what is away is away
 * for all of them.
 *
 * Opened by a dependency, only the partition that met it probes (others may not need it), and any
 * answer but "unavailable" closes it. Opened by the failure rate, partitions probe in turn, and only
 * a success closes it.
 */
export class Breaker<Owner extends object> implements Disposable {
  readonly #given: BreakerDependencies;
  readonly #window: FailureWindow;
  #state: 'closed' | 'waiting' | 'due' | 'probing' = 'closed';
  #cause: Cause = 'dependency';
  #reason = '';
  #openedAt = 0;
  #failedProbes = 0;
  /** The partition that probes, or must. */
  #suspect: Owner | undefined;
  #timer: Timer | undefined;

  constructor(given: BreakerDependencies) {
    this.#given = given;
    const { windowRecords, minimumRecords, failureRatio } = given.options;
    this.#window = new FailureWindow({ records: windowRecords, minimumRecords, failureRatio });
  }

  get isOpen(): boolean {
    return this.#state !== 'closed';
  }

  /** Whether `owner` may run one record now; it must then settle it, or `release` it. */
  claimProbe(owner: Owner): boolean {
    if (this.#state !== 'due') return false;
    if (this.#suspect !== undefined && this.#suspect !== owner) return false;
    this.#state = 'probing';
    this.#suspect = owner;
    return true;
  }

  /** The claimed probe told nothing (its record needed no handler): another may take its place. */
  release(): void {
    if (this.#state !== 'probing') return;
    this.#state = 'due';
    if (this.#cause === 'failure-rate') this.#suspect = undefined;
  }

  succeeded(probe: boolean, firstTry: boolean): void {
    if (probe) this.#close();
    else if (firstTry && !this.isOpen) this.#window.add(false);
  }

  /** A try failed, and the record has itself to blame, or so it seems. */
  failed(probe: boolean, firstTry: boolean, reason: string): void {
    if (probe) {
      if (this.#cause === 'dependency') this.#close();
      else this.#probeFailed();
      return;
    }
    if (!firstTry || this.isOpen) return;
    this.#window.add(true);
    if (this.#window.mostlyFailing) this.#open('failure-rate', reason, undefined);
  }

  /** A record was given up and is in its dead-letter topic. */
  deadLettered(probe: boolean): void {
    if (!probe) return;
    if (this.#cause === 'dependency') this.#close();
    else this.#wait();
  }

  /** Something that all records may need is away, said by a record of `owner`. */
  dependencyFailed(owner: Owner, probe: boolean, reason: string): void {
    if (probe) {
      this.#probeFailed();
      this.#cause = 'dependency';
      this.#suspect = owner;
    } else if (!this.isOpen) {
      this.#open('dependency', reason, owner);
    }
  }

  /** `owner` is gone: it can settle no probe any more. */
  forget(owner: Owner): void {
    if (this.#suspect !== owner) return;
    this.#suspect = undefined;
    if (this.#state === 'probing') this.#wait();
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
  }

  #open(cause: Cause, reason: string, suspect: Owner | undefined): void {
    this.#cause = cause;
    this.#reason = reason;
    this.#suspect = suspect;
    this.#failedProbes = 0;
    this.#openedAt = this.#given.clock.now();
    this.#given.logger.warn({ cause, reason }, 'consumer paused: records cannot be handled now');
    this.#given.metrics.breaker('open', reason);
    this.#wait();
  }

  #close(): void {
    const openForMs = this.#given.clock.now() - this.#openedAt;
    this.#state = 'closed';
    this.#suspect = undefined;
    this.#window.clear();
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#given.logger.info({ reason: this.#reason, openForMs }, 'consumer resumed');
    this.#given.metrics.breaker('closed', this.#reason);
    this.#given.onChange();
  }

  #probeFailed(): void {
    this.#failedProbes += 1;
    if (this.#cause === 'failure-rate') this.#suspect = undefined;
    this.#wait();
  }

  #wait(): void {
    this.#state = 'waiting';
    this.#timer?.cancel();
    const delayMs = backoff(this.#given.options, this.#failedProbes + 1);
    this.#timer = this.#given.clock.setTimer(() => {
      this.#state = 'due';
      this.#given.onChange();
    }, delayMs);
  }
}
