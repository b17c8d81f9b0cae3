import type { LogSubscription, RecordBatch } from '../ports/log-reader.ts';
import type { HandledOutcome } from '../ports/metrics.ts';
import type { TopicPartition } from '../ports/record.ts';
import type { CommittablePartition } from './commit-loop.ts';
import { KeyLanes, type Lane } from './key-lanes.ts';
import { OffsetTracker } from './offset-tracker.ts';
import type { ConsumerLimits, PartitionHealth } from './options.ts';
import { PendingRecord } from './pending-record.ts';
import { RecordAttempts, type RecordAttemptsDependencies } from './record-attempts.ts';

/**
 * What may start now. `gaps` is for a drain: only records that lie below one that was started. Without
 * them the commit would stop at the first gap, and the next owner would handle again what is done
 * above it.
 */
export type Dispatch = 'everything' | 'gaps' | 'nothing';

/** What all partitions of a consumer share. */
export interface PartitionRunnerDependencies extends RecordAttemptsDependencies {
  readonly subscription: LogSubscription;
  readonly limits: ConsumerLimits;
  /** Offsets count as done when they are given to a handler. */
  readonly autoCommit: boolean;
  readonly dispatch: () => Dispatch;
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
  readonly #attempts: RecordAttempts;
  #committed: number | undefined;
  #endOffset: number;
  #undoneRecords = 0;
  #undoneBytes = 0;
  /** The highest offset that a try was ever started of; -1 before the first. */
  #highestStarted = -1;
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
    this.#attempts = new RecordAttempts(
      {
        source: this.source,
        isDeadLetterTopic: start.isDeadLetterTopic,
        lanes: this.#lanes,
        done: (lane, outcome) => this.#finish(lane, outcome),
        freed: () => this.#settled(),
      },
      given,
    );
    this.#committed = start.committed;
    this.#endOffset = start.position;
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

  /**
   * What a drain waits for: handlers, or dead letters, on their way, and one more while there are
   * gaps below them that can be filled. With an open breaker they can't.
   */
  get running(): number {
    const hasGaps = this.#tracker.committable <= this.#highestStarted;
    if (this.#closed || this.#given.breaker.isOpen || !hasGaps) return this.#lanes.running;
    return Math.max(1, this.#lanes.running);
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
    this.#attempts.close(reason);
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
    const { breaker, dispatch } = this.#given;
    const allowed = dispatch();
    if (this.#closed || allowed === 'nothing' || !this.#lanes.canTake) return false;
    if (allowed === 'gaps' && breaker.isOpen) return false;
    const probe = breaker.isOpen;
    if (probe && !breaker.claimProbe(this.source)) return false;
    const lane =
      allowed === 'everything'
        ? this.#lanes.take()
        : this.#lanes.takeWhere(({ offset }) => offset <= this.#highestStarted);
    if (lane === undefined) return false;
    this.#highestStarted = Math.max(this.#highestStarted, lane.head.offset);
    lane.head.probe = probe;
    if (this.#given.autoCommit && this.#tracker.complete(lane.head)) this.#given.onProgress();
    this.#attempts.start(lane);
    return true;
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

  /** A place may be free. */
  #settled(): void {
    this.pump();
    if (this.running === 0) this.#given.onIdle();
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
