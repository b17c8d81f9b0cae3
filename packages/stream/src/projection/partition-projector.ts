import { type Catalog, decodeEvent, UndecodableRecord } from '@sori/contract';
import type { CommittablePartition } from '../consumer/commit-loop.ts';
import { backoff } from '../consumer/retry-policy.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { LogSubscription, RecordBatch } from '../ports/log-reader.ts';
import type { Logger } from '../ports/logger.ts';
import type { ConsumerMetrics } from '../ports/metrics.ts';
import type { LogRecord, TopicPartition } from '../ports/record.ts';
import type {
  ProjectedRecord,
  ProjectionBatch,
  ProjectionLimits,
  ProjectionOptions,
} from './options.ts';

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
  readonly mayDispatch: () => boolean;
  /** The position moved. */
  readonly onProgress: () => void;
  /** No transaction runs any more. */
  readonly onIdle: () => void;
  /** The stored position was not ours: somebody else has read on. */
  readonly onFenced: (projector: PartitionProjector<Transaction>) => void;
}

/** Applies the batches of one partition, one transaction after another, in order. */
export class PartitionProjector<Transaction> implements CommittablePartition {
  readonly source: TopicPartition;
  readonly #given: PartitionProjectorDependencies<Transaction>;
  #position: number | undefined;
  #committed: number | undefined;
  #queue: RecordBatch[] = [];
  #queuedRecords = 0;
  #queuedBytes = 0;
  #endOffset = 0;
  #paused = false;
  #running = false;
  #closed = false;
  #failures = 0;
  #failingSince: number | undefined;
  #retry: Timer | undefined;

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

  markCommitted(offset: number): void {
    this.#committed = offset;
    this.#given.metrics.committed(this.source, offset, Math.max(offset, this.#endOffset));
  }

  accept(batch: RecordBatch): void {
    const bytes = sizeOf(batch.records);
    this.#given.metrics.consumed(this.source, batch.records.length, bytes);
    this.#queue.push(batch);
    this.#queuedRecords += batch.records.length;
    this.#queuedBytes += bytes;
    this.#endOffset = batch.endOffset;
    const { queuedRecords, queuedBytes } = this.#given.limits;
    if (
      !this.#paused &&
      (this.#queuedRecords >= queuedRecords || this.#queuedBytes >= queuedBytes)
    ) {
      this.#paused = true;
      this.#given.subscription.pause(this.source);
    }
    this.pump();
  }

  /** The log no longer has what lies below: the position moves there with the next transaction. */
  skipTo(offset: number): void {
    this.#queue.push({ ...this.source, records: [], nextOffset: offset, endOffset: offset });
    this.pump();
  }

  /** Starts the next transaction, if one may start. */
  pump(): void {
    if (this.#closed || this.#running || this.#retry !== undefined) return;
    if (this.#queue.length === 0 || !this.#given.mayDispatch()) return;
    this.#running = true;
    // #applyNext tells every outcome by itself and does not reject.
    void this.#applyNext().finally(() => {
      this.#running = false;
      this.pump();
      if (!this.#running) this.#given.onIdle();
    });
  }

  close(): void {
    this.#closed = true;
    this.#retry?.cancel();
    this.#queue = [];
  }

  async #applyNext(): Promise<void> {
    const { store, project } = this.#given;
    const taken = this.#take();
    const startedAt = this.#given.clock.now();
    let moved: boolean;
    try {
      const batch = this.#decode(taken);
      moved = await store.apply(batch, (transaction) => project(transaction, batch));
      if (this.#closed) return;
      if (moved) this.#applied(taken, batch, this.#given.clock.now() - startedAt);
      else this.#given.onFenced(this);
    } catch (cause) {
      if (!this.#closed) this.#failed(cause);
    }
  }

  /** The batches at the head of the queue that one transaction takes; they stay in it until it ends. */
  #take(): readonly RecordBatch[] {
    const taken: RecordBatch[] = [];
    let records = 0;
    for (const batch of this.#queue) {
      if (records >= this.#given.limits.batchRecords) break;
      taken.push(batch);
      records += batch.records.length;
    }
    return taken;
  }

  #decode(taken: readonly RecordBatch[]): ProjectionBatch {
    const records = taken.flatMap((batch) => batch.records.map((record) => this.#read(record)));
    const to = taken.at(-1)?.nextOffset ?? this.committable;
    return { ...this.source, from: this.#position, to, records };
  }

  #read(record: LogRecord): ProjectedRecord {
    try {
      return { record, event: decodeEvent(record, (type) => this.#given.catalog.findEvent(type)) };
    } catch (error) {
      if (!(error instanceof UndecodableRecord)) throw error;
      return { record, problem: error.reason };
    }
  }

  #applied(taken: readonly RecordBatch[], batch: ProjectionBatch, durationMs: number): void {
    const { limits, logger, metrics, subscription } = this.#given;
    this.#position = batch.to;
    this.#queue.splice(0, taken.length);
    this.#queuedRecords -= batch.records.length;
    for (const { records } of taken) this.#queuedBytes -= sizeOf(records);
    for (const { event } of batch.records) {
      const outcome = event === undefined ? 'skipped' : 'handled';
      const share = durationMs / batch.records.length;
      metrics.handled(this.source.topic, event?.type ?? UNKNOWN_TYPE, outcome, share);
    }
    if (this.#failingSince !== undefined) logger.info(this.source, 'the projection goes on');
    this.#failures = 0;
    this.#failingSince = undefined;
    const half = limits.queuedRecords / 2;
    if (
      this.#paused &&
      this.#queuedRecords <= half &&
      this.#queuedBytes <= limits.queuedBytes / 2
    ) {
      this.#paused = false;
      subscription.resume(this.source);
    }
    this.#given.onProgress();
  }

  /** Nothing is skipped, whatever fails: an exact result with a hole in it would not be one. */
  #failed(cause: unknown): void {
    const { clock, limits, logger } = this.#given;
    this.#failures += 1;
    if (this.#failingSince === undefined) {
      this.#failingSince = clock.now();
      const fields = { ...this.source, position: this.#position, err: cause };
      logger.error(fields, 'the projection cannot apply a batch; it is tried again');
    }
    const delays = { initialDelayMs: limits.retryDelayMs, maxDelayMs: limits.maxRetryDelayMs };
    const delayMs = backoff({ ...delays, jitter: RETRY_JITTER }, this.#failures);
    this.#retry = clock.setTimer(() => {
      this.#retry = undefined;
      this.pump();
    }, delayMs);
  }
}

function sizeOf(records: readonly LogRecord[]): number {
  let bytes = 0;
  for (const { key, value } of records) bytes += (key?.length ?? 0) + (value?.length ?? 0);
  return bytes;
}
