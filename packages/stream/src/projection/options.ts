import type { Catalog, Event, GroupDefinition, UndecodableReason } from '@sori/contract';
import type { Assignor } from '../assignor/assignor.ts';
import type { Clock } from '../ports/clock.ts';
import type { LogReader } from '../ports/log-reader.ts';
import type { Logger } from '../ports/logger.ts';
import type { GroupCoordinator } from '../ports/membership.ts';
import type { ConsumerMetrics } from '../ports/metrics.ts';
import type { LogRecord, TopicPartition, TopicPartitionOffset } from '../ports/record.ts';

/** A record as a projection sees it: with its event, or with why it has none. */
export type ProjectedRecord =
  | { readonly record: LogRecord; readonly event: Event; readonly problem?: undefined }
  | { readonly record: LogRecord; readonly event?: undefined; readonly problem: UndecodableReason };

/** Records of one partition that follow each other. Offsets may have holes (removed records). */
export interface ProjectionBatch extends TopicPartition {
  /** Where the stored position is; undefined where the partition was never read. */
  readonly from: number | undefined;
  /** Where it will be: above the last record's offset. */
  readonly to: number;
  readonly records: readonly ProjectedRecord[];
}

/**
 * Where results and positions live together. Rejects with DependencyUnavailable while it is away:
 * then the same batch is tried again.
 */
export interface ProjectionStore<Transaction> {
  /** The next position of each partition; one that was never read is left out. */
  positions(partitions: readonly TopicPartition[]): Promise<readonly TopicPartitionOffset[]>;
  /**
   * One transaction: runs `work`, and moves the position from `batch.from` to `batch.to`. Resolves
   * with false, and nothing changed, when the stored position is not `batch.from`: somebody else
   * has read on.
   */
  apply(
    batch: ProjectionBatch,
    work: (transaction: Transaction) => Promise<void>,
  ): Promise<boolean>;
}

export interface ProjectionLimits {
  /** Records that wait in memory for each partition; then it is not fetched until half are gone. */
  readonly queuedRecords: number;
  /** The same in bytes of keys and values. */
  readonly queuedBytes: number;
  /** Records that one transaction takes at most; fewer after a failure. */
  readonly batchRecords: number;
  /**
   * How long a partition gathers records after a transaction before its next one, unless they fill
   * one: a transaction costs far more than a record. 0 where results should be there at once.
   */
  readonly gatherMs: number;
  /** Transactions that this member runs at a time, one for each partition at most. */
  readonly transactions: number;
  /** The first pause after a failed transaction; doubled each time up to the longest. */
  readonly retryDelayMs: number;
  readonly maxRetryDelayMs: number;
  /** How long a revoke or stop waits for running transactions. */
  readonly drainMs: number;
  /** How long a revoke or stop waits for its last commit. */
  readonly commitTimeoutMs: number;
  readonly sessionTimeoutMs: number;
}

export const DEFAULT_PROJECTION_LIMITS: ProjectionLimits = {
  queuedRecords: 10_000,
  queuedBytes: 16 * 1024 * 1024,
  batchRecords: 5_000,
  gatherMs: 0,
  transactions: 4,
  retryDelayMs: 250,
  maxRetryDelayMs: 5_000,
  drainMs: 5_000,
  commitTimeoutMs: 3_000,
  sessionTimeoutMs: 10_000,
};

export interface ProjectionOptions<Transaction> {
  readonly catalog: Catalog;
  readonly group: GroupDefinition;
  /** A name that outlives restarts, as `history-1`. */
  readonly memberName: string;
  readonly reader: LogReader;
  readonly coordinator: GroupCoordinator;
  readonly store: ProjectionStore<Transaction>;
  /**
   * From a batch to rows. Runs in the transaction that moves the position, and may run again when
   * that fails: whatever it does outside of the transaction happens more than once.
   */
  readonly project: (transaction: Transaction, batch: ProjectionBatch) => Promise<void>;
  readonly assignor?: Assignor;
  readonly limits?: Partial<ProjectionLimits>;
  readonly clock?: Clock;
  readonly logger: Logger;
  readonly metrics?: ConsumerMetrics;
}

export interface Projection {
  /**
   * Joins the group and projects until `signal` is aborted; then lets running transactions end,
   * commits and leaves. Rejects when joining fails for good. Can be called once.
   */
  run(signal: AbortSignal): Promise<void>;
  health(): ProjectionHealth;
}

/** Ages in milliseconds, undefined where there is nothing. */
export interface ProjectionHealth {
  readonly state: 'idle' | 'joining' | 'running' | 'draining' | 'stopped';
  readonly generation: number | undefined;
  readonly heartbeatAgeMs: number | undefined;
  /** How long some partition has been failing: its transactions, or the question where it starts. */
  readonly failingForMs: number | undefined;
  /** Of each partition the store's position, and the partition's end as the log last said. */
  readonly assignment: readonly (TopicPartition & {
    readonly position: number | undefined;
    readonly endOffset: number | undefined;
  })[];
}
