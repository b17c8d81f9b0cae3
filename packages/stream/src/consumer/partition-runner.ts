import { setMaxListeners } from 'node:events';
import { describeError } from '../dead-letter/headers.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { LogSubscription, RecordBatch } from '../ports/log-reader.ts';
import type { Logger } from '../ports/logger.ts';
import type { ConsumerMetrics, HandledOutcome } from '../ports/metrics.ts';
import type { TopicPartition } from '../ports/record.ts';
import type { Breaker } from './breaker.ts';
import type { CommittablePartition } from './commit-loop.ts';
import type { DeadLetters } from './dead-letters.ts';
import { classifyFailure } from './failure.ts';
import { KeyLanes, type Lane } from './key-lanes.ts';
import { OffsetTracker } from './offset-tracker.ts';
import type { ConsumerLimits, HandlerContext, PartitionHealth } from './options.ts';
import { type AnyHandler, PendingRecord } from './pending-record.ts';
import { logFields, RecordContext } from './record-context.ts';
import type { RecordRouter } from './record-routing.ts';
import { backoff, type RetryPolicy, retryDelay } from './retry-policy.ts';

/** What all partitions of a consumer share. */
export interface PartitionRunnerDependencies {
  readonly router: RecordRouter<HandlerContext>;
  readonly deadLetters: DeadLetters;
  readonly breaker: Breaker<PartitionRunner>;
  readonly subscription: LogSubscription;
  readonly limits: ConsumerLimits;
  readonly retry: RetryPolicy;
  /** Offsets count as done when they are given to a handler. */
  readonly autoCommit: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ConsumerMetrics;
  /** Whether new tries may start now. */
  readonly mayDispatch: () => boolean;
  /** There is something new to commit. */
  readonly onProgress: () => void;
  /** No handler of this partition runs any more. */
  readonly onIdle: () => void;
}

/**
 * One partition for one assignment: takes its records, runs them through their lanes, and knows what
 * may be committed. A new assignment gets a new runner, so the runner itself is the epoch: once
 * closed, whatever a handler of it still does changes nothing.
 */
export class PartitionRunner implements CommittablePartition {
  readonly source: TopicPartition;
  readonly #given: PartitionRunnerDependencies;
  readonly #tracker: OffsetTracker;
  readonly #lanes: KeyLanes<PendingRecord>;
  readonly #abort = new AbortController();
  readonly #timers = new Set<Timer>();
  /** A record of a dead-letter topic has nowhere to go when it fails. */
  readonly #isDeadLetterTopic: boolean;
  #committed: number | undefined;
  #endOffset: number;
  #undoneRecords = 0;
  #undoneBytes = 0;
  #paused = false;
  #pumping = false;
  #closed = false;

  constructor(
    start: {
      readonly source: TopicPartition;
      readonly position: number;
      readonly committed: number | undefined;
      readonly isDeadLetterTopic: boolean;
    },
    given: PartitionRunnerDependencies,
  ) {
    this.source = { topic: start.source.topic, partition: start.source.partition };
    this.#given = given;
    this.#tracker = new OffsetTracker(start.position);
    this.#lanes = new KeyLanes(given.limits.concurrency);
    this.#isDeadLetterTopic = start.isDeadLetterTopic;
    this.#committed = start.committed;
    this.#endOffset = start.position;
    // One signal for all records of an assignment: many handlers may listen to it.
    setMaxListeners(0, this.#abort.signal);
  }

  get committable(): number {
    return this.#tracker.committable;
  }

  get committed(): number | undefined {
    return this.#committed;
  }

  get position(): number {
    return this.#tracker.position;
  }

  /** How many handlers, or dead letters, are on their way. */
  get running(): number {
    return this.#lanes.running;
  }

  /** When the first record that is not done was read; undefined when all are. */
  get oldestUndoneAt(): number | undefined {
    return (this.#tracker.first as PendingRecord | undefined)?.receivedAt;
  }

  markCommitted(offset: number): void {
    if (this.#closed || offset <= (this.#committed ?? -1)) return;
    this.#committed = offset;
    this.#given.metrics.committed(this.source, offset, this.#endOffset);
  }

  accept(batch: RecordBatch): void {
    if (this.#closed) return;
    const now = this.#given.clock.now();
    let bytes = 0;
    let accepted = 0;
    for (const record of batch.records) {
      if (record.offset < this.#tracker.position) continue;
      const pending = new PendingRecord(record, now);
      this.#tracker.add(pending);
      this.#lanes.push(record.key?.toString('latin1'), pending);
      bytes += pending.bytes;
      accepted += 1;
    }
    this.#tracker.skipTo(batch.nextOffset);
    this.#endOffset = batch.endOffset;
    this.#undoneRecords += accepted;
    this.#undoneBytes += bytes;
    this.#given.metrics.consumed(this.source, accepted, bytes);
    if (this.#tracker.first === undefined) this.#given.onProgress();
    if (!this.#paused && this.#isFull()) {
      this.#paused = true;
      this.#given.subscription.pause(this.source);
    }
    this.pump();
  }

  /** Reading goes on at a later offset; what lies between is gone. */
  skipTo(position: number): void {
    this.#tracker.skipTo(position);
    this.#given.onProgress();
  }

  /** Starts as many tries as may run now. */
  pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#startNext());
    this.#pumping = false;
  }

  /** Forgets everything; late completions change nothing. Running handlers see their signal aborted. */
  close(reason: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#given.breaker.forget(this);
    this.#abort.abort(reason);
  }

  health(): PartitionHealth {
    return {
      ...this.source,
      position: this.#tracker.position,
      committed: this.#committed,
      undone: this.#undoneRecords,
      paused: this.#paused,
    };
  }

  /** Starts one try; returns whether another may follow. */
  #startNext(): boolean {
    if (this.#closed || !this.#given.mayDispatch() || !this.#lanes.canTake) return false;
    const { breaker } = this.#given;
    const probe = breaker.isOpen;
    if (probe && !breaker.claimProbe(this)) return false;
    const lane = this.#lanes.take();
    if (lane === undefined) return false;
    lane.head.probe = probe;
    if (this.#given.autoCommit && this.#tracker.complete(lane.head)) this.#given.onProgress();
    this.#try(lane);
    return true;
  }

  #try(lane: Lane<PendingRecord>): void {
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
        this.#finish(lane, route.outcome);
        return;
      case 'give-up':
        this.#giveUp(lane, route.error);
        return;
    }
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
    this.#finish(lane, 'handled');
  }

  #failed(lane: Lane<PendingRecord>, error: unknown): void {
    if (this.#closed) return;
    const kind = classifyFailure(error);
    if (kind === 'dependency') this.#waitForDependency(lane, error);
    else if (this.#given.breaker.isOpen && !lane.head.probe) {
      // It began before the breaker opened and failed with the others: that says nothing of it.
      this.#lanes.again(lane, 'next');
    } else this.#tryFailed(lane, error, kind);
    this.#settled();
  }

  #waitForDependency(lane: Lane<PendingRecord>, error: unknown): void {
    const { probe } = lane.head;
    this.#lanes.again(lane, 'first');
    this.#given.breaker.dependencyFailed(this, probe, describeError(error).code);
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
    logger.debug(
      { ...logFields(pending, pending.attempts), err: error, delayMs },
      'handler failed',
    );
    metrics.retried(this.source.topic, router.label(pending.record));
    if (breaker.isOpen) {
      this.#lanes.again(lane, 'next');
      return;
    }
    pending.elapsedMs += delayMs;
    this.#park(lane, delayMs);
  }

  #giveUp(lane: Lane<PendingRecord>, error: unknown): void {
    const pending = lane.head;
    pending.failure = { error };
    if (!this.#isDeadLetterTopic) {
      this.#deadLetter(lane, error);
      return;
    }
    if (pending.probe) this.#given.breaker.deadLettered(true);
    this.#given.logger.error(
      { ...logFields(pending, pending.attempts), err: error },
      'record of a dead-letter topic failed and is skipped',
    );
    this.#finish(lane, 'skipped');
  }

  #deadLetter(lane: Lane<PendingRecord>, error: unknown): void {
    const pending = lane.head;
    this.#given.deadLetters.append(pending, error).then(
      (code) => {
        if (this.#closed) return;
        this.#given.metrics.deadLettered(this.source.topic, code);
        this.#given.logger.error(
          { ...logFields(pending, pending.attempts), err: error },
          'record dead-lettered',
        );
        this.#given.breaker.deadLettered(pending.probe);
        this.#finish(lane, 'dead-lettered');
      },
      (refusal: unknown) => this.#deadLetterRefused(lane, refusal),
    );
  }

  /** The record stays undone, and only its dead letter is tried again, until it is written. */
  #deadLetterRefused(lane: Lane<PendingRecord>, refusal: unknown): void {
    if (this.#closed) return;
    const pending = lane.head;
    if (classifyFailure(refusal) === 'dependency') {
      this.#waitForDependency(lane, refusal);
    } else {
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
    this.#settled();
  }

  #park(lane: Lane<PendingRecord>, delayMs: number): void {
    this.#lanes.park(lane);
    const timer = this.#given.clock.setTimer(() => {
      this.#timers.delete(timer);
      this.#lanes.wake(lane);
      this.pump();
    }, delayMs);
    this.#timers.add(timer);
  }

  #finish(lane: Lane<PendingRecord>, outcome: HandledOutcome): void {
    const pending = lane.head;
    const { metrics, router } = this.#given;
    this.#lanes.advance(lane);
    this.#undoneRecords -= 1;
    this.#undoneBytes -= pending.bytes;
    const type = pending.event?.type ?? router.label(pending.record);
    metrics.handled(this.source.topic, type, outcome, pending.elapsedMs);
    if (!pending.done && this.#tracker.complete(pending)) this.#given.onProgress();
    if (this.#paused && this.#isHalfEmpty()) {
      this.#paused = false;
      this.#given.subscription.resume(this.source);
    }
    this.#settled();
  }

  /** A try is over. */
  #settled(): void {
    this.pump();
    if (this.#lanes.running === 0) this.#given.onIdle();
  }

  #isFull(): boolean {
    const { undoneRecords, undoneBytes } = this.#given.limits;
    return this.#heldRecords() >= undoneRecords || this.#undoneBytes >= undoneBytes;
  }

  #isHalfEmpty(): boolean {
    const { undoneRecords, undoneBytes } = this.#given.limits;
    return this.#heldRecords() <= undoneRecords / 2 && this.#undoneBytes <= undoneBytes / 2;
  }

  /** Done records above an undone one count too: a crash would bring them again. */
  #heldRecords(): number {
    return Math.max(this.#undoneRecords, this.#tracker.size);
  }
}
