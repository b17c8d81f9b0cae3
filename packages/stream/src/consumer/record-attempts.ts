import { setMaxListeners } from 'node:events';
import { describeError } from '../dead-letter/headers.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { ConsumerMetrics, HandledOutcome } from '../ports/metrics.ts';
import type { TopicPartition } from '../ports/record.ts';
import type { Breaker } from './breaker.ts';
import type { DeadLetters } from './dead-letters.ts';
import { classifyFailure } from './failure.ts';
import type { KeyLanes, Lane } from './key-lanes.ts';
import type { HandlerContext } from './options.ts';
import type { AnyHandler, PendingRecord } from './pending-record.ts';
import { logFields, RecordContext } from './record-context.ts';
import type { RecordRouter } from './record-routing.ts';
import { backoff, type RetryPolicy, retryDelay } from './retry-policy.ts';

/** What all partitions of a consumer share to handle a record. */
export interface RecordAttemptsDependencies {
  readonly router: RecordRouter<HandlerContext>;
  readonly deadLetters: DeadLetters;
  /** Partitions are told apart by the object that is their source. */
  readonly breaker: Breaker<TopicPartition>;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ConsumerMetrics;
}

/** The partition whose records these are. */
export interface AttemptedPartition {
  readonly source: TopicPartition;
  /** A record of a dead-letter topic has nowhere to go when it fails. */
  readonly isDeadLetterTopic: boolean;
  readonly lanes: KeyLanes<PendingRecord>;
  /** The lane's head is done: its handler succeeded, or nothing more is to be done with it. */
  readonly done: (lane: Lane<PendingRecord>, outcome: HandledOutcome) => void;
  /** A lane gave its place back with its head undone. */
  readonly freed: () => void;
}

/**
 * What becomes of the records of one partition once their turn has come: handled, tried again,
 * dead-lettered, or kept for when a dependency is back.
 */
export class RecordAttempts {
  readonly #given: RecordAttemptsDependencies;
  readonly #partition: AttemptedPartition;
  readonly #abort = new AbortController();
  readonly #timers = new Set<Timer>();

  constructor(partition: AttemptedPartition, given: RecordAttemptsDependencies) {
    this.#partition = partition;
    this.#given = given;
    // One signal for all records of an assignment: many handlers may listen to it.
    setMaxListeners(0, this.#abort.signal);
  }

  /** Makes the next try of a running lane's head. */
  start(lane: Lane<PendingRecord>): void {
    const pending = lane.head;
    if (pending.failure !== undefined) {
      this.#deadLetter(lane, pending.failure.error);
      return;
    }
    const route = this.#given.router.route(pending);
    switch (route.kind) {
      case 'handle':
        pending.startedAt = this.#given.clock.now();
        this.#call(route.handler, pending).then(
          () => this.#succeeded(lane),
          (error: unknown) => this.#failed(lane, error),
        );
        return;
      case 'pass':
        if (pending.probe) this.#given.breaker.release();
        this.#partition.done(lane, route.outcome);
        return;
      case 'give-up':
        this.#giveUp(lane, route.error);
        return;
    }
  }

  /** Late ends of handlers and dead letters change nothing. Running handlers see their signal aborted. */
  close(reason: Error): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#given.breaker.forget(this.#partition.source);
    this.#abort.abort(reason);
  }

  get #closed(): boolean {
    return this.#abort.signal.aborted;
  }

  #call(handler: AnyHandler<HandlerContext>, pending: PendingRecord): Promise<void> {
    const { event } = pending;
    const context = new RecordContext(pending, this.#abort.signal, this.#given.logger);
    try {
      if (event === undefined) throw new Error('a handler is called with a decoded event only');
      return Promise.resolve(handler(event, context));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #succeeded(lane: Lane<PendingRecord>): void {
    if (this.#closed) return;
    const pending = lane.head;
    pending.elapsedMs += this.#given.clock.now() - pending.startedAt;
    this.#given.breaker.succeeded(pending.probe, pending.attempts === 0);
    this.#partition.done(lane, 'handled');
  }

  #failed(lane: Lane<PendingRecord>, error: unknown): void {
    if (this.#closed) return;
    const kind = classifyFailure(error);
    if (kind === 'dependency') {
      this.#waitForDependency(lane, error);
    } else if (this.#given.breaker.isOpen && !lane.head.probe) {
      // It began before the breaker opened and failed with the others: that says nothing of it.
      this.#again(lane, 'next');
    } else {
      this.#tryFailed(lane, error, kind);
    }
  }

  #waitForDependency(lane: Lane<PendingRecord>, error: unknown): void {
    const { probe } = lane.head;
    // Before its place is given on: the breaker must be open by then.
    this.#given.breaker.dependencyFailed(this.#partition.source, probe, describeError(error).code);
    this.#again(lane, 'first');
  }

  #tryFailed(lane: Lane<PendingRecord>, error: unknown, kind: 'transient' | 'permanent'): void {
    const { breaker, clock, logger, metrics, retry, router } = this.#given;
    const pending = lane.head;
    pending.attempts += 1;
    pending.elapsedMs += clock.now() - pending.startedAt;
    breaker.failed(pending.probe, pending.attempts === 1, describeError(error).code);
    const delayMs =
      kind === 'permanent' ? undefined : retryDelay(retry, pending.attempts, pending.elapsedMs);
    if (delayMs === undefined) {
      // Its probe is settled already; its dead letter is not another.
      pending.probe = false;
      this.#giveUp(lane, error);
      return;
    }
    const fields = { ...logFields(pending, pending.attempts), err: error, delayMs };
    logger.debug(fields, 'handler failed');
    metrics.retried(this.#partition.source.topic, router.label(pending.record));
    if (breaker.isOpen) {
      this.#again(lane, 'next');
      return;
    }
    pending.elapsedMs += delayMs;
    this.#park(lane, delayMs);
  }

  #giveUp(lane: Lane<PendingRecord>, error: unknown): void {
    const pending = lane.head;
    pending.failure = { error };
    if (!this.#partition.isDeadLetterTopic) {
      this.#deadLetter(lane, error);
      return;
    }
    this.#given.breaker.deadLettered(pending.probe);
    this.#given.logger.error(
      { ...logFields(pending, pending.attempts), err: error },
      'record of a dead-letter topic failed and is skipped',
    );
    this.#partition.done(lane, 'skipped');
  }

  #deadLetter(lane: Lane<PendingRecord>, error: unknown): void {
    const pending = lane.head;
    this.#given.deadLetters.append(pending, error).then(
      (code) => {
        if (this.#closed) return;
        this.#given.metrics.deadLettered(this.#partition.source.topic, code);
        this.#given.logger.error(
          { ...logFields(pending, pending.attempts), err: error },
          'record dead-lettered',
        );
        this.#given.breaker.deadLettered(pending.probe);
        this.#partition.done(lane, 'dead-lettered');
      },
      (refusal: unknown) => this.#deadLetterRefused(lane, refusal),
    );
  }

  /** The record stays undone, and only its dead letter is tried again, until it is written. */
  #deadLetterRefused(lane: Lane<PendingRecord>, refusal: unknown): void {
    if (this.#closed) return;
    if (classifyFailure(refusal) === 'dependency') {
      this.#waitForDependency(lane, refusal);
      return;
    }
    const pending = lane.head;
    pending.refusedDeadLetters += 1;
    if (pending.refusedDeadLetters === 1) {
      this.#given.logger.error(
        { ...logFields(pending, pending.attempts), err: refusal },
        'dead letter refused; the record stays undone and its dead letter is tried again',
      );
    }
    this.#given.breaker.deadLettered(pending.probe);
    this.#park(lane, backoff(this.#given.retry, pending.refusedDeadLetters));
  }

  #again(lane: Lane<PendingRecord>, turn: 'next' | 'first'): void {
    this.#partition.lanes.again(lane, turn);
    this.#partition.freed();
  }

  #park(lane: Lane<PendingRecord>, delayMs: number): void {
    const { lanes, freed } = this.#partition;
    lanes.park(lane);
    const timer = this.#given.clock.setTimer(() => {
      this.#timers.delete(timer);
      lanes.wake(lane);
      freed();
    }, delayMs);
    this.#timers.add(timer);
    freed();
  }
}
