import type { Catalog } from '@sori/contract';
import type { CommittablePartition } from '../consumer/commit-loop.ts';
import { backoff } from '../consumer/retry-policy.ts';
import { describeError } from '../dead-letter/headers.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { LogSubscription, RecordBatch } from '../ports/log-reader.ts';
import type { Logger } from '../ports/logger.ts';
import type { ConsumerMetrics } from '../ports/metrics.ts';
import type { TopicPartition } from '../ports/record.ts';
import type { ProjectionBatch, ProjectionLimits, ProjectionOptions } from './options.ts';
import { projectedRecord } from './projected-record.ts';
import { type QueueHead, RecordQueue } from './record-queue.ts';
import type { Turns, Waiting } from './turns.ts';

/** How much of a pause is left to chance, so that partitions do not all come back at once. */
const RETRY_JITTER = 0.2;

/** The label of a record without an event. */
const UNKNOWN_TYPE = 'unknown';

export interface PartitionProjectorDependencies<Transaction>
  extends Pick<ProjectionOptions<Transaction>, 'store' | 'project'> {
  readonly catalog: Catalog;
  readonly subscription: LogSubscription;
  readonly limits: ProjectionLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ConsumerMetrics;
  readonly turns: Turns;
  readonly mayDispatch: () => boolean;
  /** The position moved. */
  readonly onProgress: () => void;
  /** No transaction runs any more. */
  readonly onIdle: () => void;
  /**
   * The stored position was not ours: somebody else has read on, or, where the last outcome is not
   * known, this one had.
   */
  readonly onFenced: (
    projector: PartitionProjector<Transaction>,
    how: { readonly outcomeUnknown: boolean },
  ) => void;
}

/** Applies the batches of one partition, one transaction after another, in order. */
export class PartitionProjector<Transaction> implements CommittablePartition, Waiting {
  readonly source: TopicPartition;
  readonly #given: PartitionProjectorDependencies<Transaction>;
  #position: number | undefined;
  #committed: number | undefined;
  readonly #queue = new RecordQueue();
  #endOffset: number | undefined;
  #paused = false;
  #running = false;
  #closed = false;
  #failures = 0;
  /** How often a batch is halved: raised by each failure, lowered by each success. */
  #halvings = 0;
  #failingSince: number | undefined;
  #failure: string | undefined;
  #retry: Timer | undefined;
  /** Until when the next batch gathers, milliseconds of the clock. */
  #gathersUntil = 0;
  #gathering: Timer | undefined;

  constructor(
    source: TopicPartition,
    start: { readonly position: number | undefined; readonly committed: number | undefined },
    given: PartitionProjectorDependencies<Transaction>,
  ) {
    this.source = source;
    this.#position = start.position;
    this.#committed = start.committed;
    this.#given = given;
  }

  /** What the store holds: the next offset to be applied. */
  get position(): number | undefined {
    return this.#position;
  }

  get committable(): number {
    return this.#position ?? 0;
  }

  get committed(): number | undefined {
    return this.#committed;
  }

  get isRunning(): boolean {
    return this.#running;
  }

  get failingSince(): number | undefined {
    return this.#failingSince;
  }

  /** The partition's end, as the log last said. */
  get endOffset(): number | undefined {
    return this.#endOffset;
  }

  markCommitted(offset: number): void {
    this.#committed = offset;
    const endOffset = Math.max(offset, this.#endOffset ?? 0);
    this.#given.metrics.committed(this.source, offset, endOffset);
  }

  accept(batch: RecordBatch): void {
    const bytes = this.#queue.push(batch);
    this.#given.metrics.consumed(this.source, batch.records.length, bytes);
    this.#endOffset = batch.endOffset;
    const { queuedRecords, queuedBytes } = this.#given.limits;
    const isFull = this.#queue.records >= queuedRecords || this.#queue.bytes >= queuedBytes;
    if (isFull && !this.#paused) {
      this.#paused = true;
      this.#given.subscription.pause(this.source);
    }
    this.pump();
  }

  /** The log has nothing to read before `offset`: the position goes there with the next transaction. */
  skipTo(offset: number): void {
    this.#queue.push({ records: [], nextOffset: offset });
    this.pump();
  }

  /** Starts the next transaction, if one may start. */
  pump(): void {
    if (this.#closed || this.#running || this.#retry !== undefined) return;
    const { mayDispatch, onIdle, turns } = this.#given;
    if (this.#queue.isEmpty || this.#gathers() || !mayDispatch() || !turns.take(this)) return;
    this.#running = true;
    // #applyNext tells every outcome by itself and does not reject.
    void this.#applyNext().finally(() => {
      this.#running = false;
      turns.giveBack();
      this.pump();
      if (!this.#running) onIdle();
    });
  }

  close(): void {
    this.#closed = true;
    this.#retry?.cancel();
    this.#gathering?.cancel();
    this.#queue.clear();
  }

  /** Whether the next batch is to grow before it is applied; then it is when the time has come. */
  #gathers(): boolean {
    const { clock, limits } = this.#given;
    const leftMs = this.#gathersUntil - clock.now();
    if (leftMs <= 0 || this.#queue.records >= limits.batchRecords) return false;
    this.#gathering ??= clock.setTimer(() => {
      this.#gathering = undefined;
      this.pump();
    }, leftMs);
    return true;
  }

  async #applyNext(): Promise<void> {
    const { catalog, clock, limits, onFenced, project, store } = this.#given;
    const head = this.#queue.head(
      Math.max(1, Math.floor(limits.batchRecords / 2 ** this.#halvings)),
    );
    const startedAt = clock.now();
    try {
      const records = head.records.map((record) => projectedRecord(catalog, record));
      const batch = { ...this.source, from: this.#position, to: head.to, records };
      const moved = await store.apply(batch, (transaction) => project(transaction, batch));
      if (this.#closed) return;
      if (moved) this.#applied(head, batch, clock.now() - startedAt);
      else onFenced(this, { outcomeUnknown: this.#failures > 0 });
    } catch (cause) {
      if (!this.#closed) this.#failed(cause);
    }
  }

  #applied(head: QueueHead, batch: ProjectionBatch, durationMs: number): void {
    const { clock, limits, logger, metrics, subscription } = this.#given;
    this.#position = batch.to;
    this.#gathersUntil = clock.now() + limits.gatherMs;
    this.#queue.remove(head);
    for (const { event } of batch.records) {
      const outcome = event === undefined ? 'skipped' : 'handled';
      const share = durationMs / batch.records.length;
      metrics.handled(this.source.topic, event?.type ?? UNKNOWN_TYPE, outcome, share);
    }
    if (this.#failingSince !== undefined) logger.info(this.source, 'the projection goes on');
    this.#failures = 0;
    this.#halvings = Math.max(0, this.#halvings - 1);
    this.#failingSince = undefined;
    this.#failure = undefined;
    const isHalfEmpty =
      this.#queue.records <= limits.queuedRecords / 2 &&
      this.#queue.bytes <= limits.queuedBytes / 2;
    if (this.#paused && isHalfEmpty) {
      this.#paused = false;
      subscription.resume(this.source);
    }
    this.#given.onProgress();
  }

  /**
   * Nothing is skipped, whatever fails: an exact result with a hole in it would not be one. Smaller
   * batches get through where large ones are too slow, and leave the position at a record that no
   * try can apply.
   */
  #failed(cause: unknown): void {
    const { clock, limits, logger } = this.#given;
    this.#failures += 1;
    if (2 ** this.#halvings < limits.batchRecords) this.#halvings += 1;
    this.#failingSince ??= clock.now();
    const { code } = describeError(cause);
    if (this.#failure !== code) {
      const fields = { ...this.source, position: this.#position, err: cause };
      logger.error(fields, 'the projection cannot apply a batch; it is tried again');
    }
    this.#failure = code;
    const delays = { initialDelayMs: limits.retryDelayMs, maxDelayMs: limits.maxRetryDelayMs };
    const delayMs = backoff({ ...delays, jitter: RETRY_JITTER }, this.#failures);
    this.#retry = clock.setTimer(() => {
      this.#retry = undefined;
      this.pump();
    }, delayMs);
  }
}
