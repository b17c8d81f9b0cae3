import type { Catalog, EventsByType, GroupDefinition } from '@sori/contract';
import type { Assignor } from '../assignor/assignor.ts';
import type { Clock } from '../ports/clock.ts';
import type { LogReader } from '../ports/log-reader.ts';
import type { Logger } from '../ports/logger.ts';
import type { GroupCoordinator } from '../ports/membership.ts';
import type { ConsumerMetrics } from '../ports/metrics.ts';
import type { RecordToAppend } from '../ports/record.ts';
import type { BreakerOptions } from './breaker.ts';
import type { RetryPolicy } from './retry-policy.ts';

/**
 * What a handler knows of the record it was given. A handler may be called again for the same
 * event (after a failed try, a crash or an unclean rebalance): its effects go by the event's id.
 */
export interface HandlerContext {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | undefined;
  /** Milliseconds since the epoch, as the log stored it. */
  readonly timestamp: number;
  /** 1 for the first try. A try that met an unavailable dependency does not count. */
  readonly attempt: number;
  /** Aborted when the partition is no longer this member's: what the handler does is then in vain. */
  readonly signal: AbortSignal;
  /** With the record's topic, partition, offset, key and event id in every line. */
  readonly logger: Logger;
}

/**
 * A function for each event type that the group acts on; records of other types are skipped and
 * counted. It fails by throwing:
 * - DependencyUnavailable (or a retryable LogError, PublisherOverloaded, DeliveryUnknown or
 *   DeliveryFailed): the consumer waits for the dependency, the record keeps its attempts
 * - an error with `retryable: false`: the record is dead-lettered at once
 * - anything else: tried again by the retry policy, then dead-lettered
 */
export type Handlers<C extends Catalog> = {
  readonly [T in keyof EventsByType<C>]?: (
    event: EventsByType<C>[T],
    context: HandlerContext,
  ) => Promise<void>;
};

/**
 * When offsets are committed.
 * - `manual` (default): the first offset that is not done, every `intervalMs` or `everyRecords`,
 *   and on revoke and stop. Nothing is lost; after a crash what was not committed is handled again.
 * - `auto`: the first offset that was not yet given to a handler, every `intervalMs`. A crash loses
 *   what was committed while its handler still ran, or waited for another try, or for its
 *   dead-letter topic: up to `concurrency` records a partition and all that wait. For handlers
 *   that may lose work.
 */
export type CommitOptions =
  | { readonly mode: 'manual'; readonly intervalMs?: number; readonly everyRecords?: number }
  | { readonly mode: 'auto'; readonly intervalMs: number };

export interface ConsumerLimits {
  /** How many records of one partition, all of different keys, are in handlers at a time. */
  readonly concurrency: number;
  /** Records of one partition that may wait for their commit; then it is not fetched until half are gone. */
  readonly undoneRecords: number;
  /** The same in bytes of keys, values and headers. */
  readonly undoneBytes: number;
  /** How long a revoke or stop waits for running handlers. Must fit in the rebalance timeout. */
  readonly drainMs: number;
  /** How long a revoke or stop waits for its last commit. */
  readonly commitTimeoutMs: number;
  /** After how long without a heartbeat the group gives the partitions to others. */
  readonly sessionTimeoutMs: number;
}

export const DEFAULT_LIMITS: ConsumerLimits = {
  concurrency: 32,
  undoneRecords: 2_000,
  undoneBytes: 32 * 1024 * 1024,
  drainMs: 5_000,
  commitTimeoutMs: 3_000,
  sessionTimeoutMs: 10_000,
};

/** The part of a Publisher that dead letters need. */
export interface RecordAppender {
  /** Resolves when the log has acknowledged the record. */
  append(
    target: { readonly topic: string; readonly partition?: number },
    record: RecordToAppend,
    eventId: string,
  ): Promise<unknown>;
}

export interface ConsumerOptions<C extends Catalog> {
  readonly catalog: C;
  readonly group: GroupDefinition;
  /** A name that outlives restarts, as `notifier-1`: members are ordered by it. */
  readonly memberName: string;
  readonly reader: LogReader;
  readonly coordinator: GroupCoordinator;
  /** For dead letters. Stays the caller's to dispose, after `run` has settled. */
  readonly publisher: RecordAppender;
  readonly handlers: Handlers<C>;
  readonly commit?: CommitOptions;
  readonly retry?: Partial<RetryPolicy>;
  readonly limits?: Partial<ConsumerLimits>;
  readonly breaker?: Partial<BreakerOptions>;
  /** `loadWeighted(catalog)` unless given. */
  readonly assignor?: Assignor;
  readonly clock?: Clock;
  readonly logger: Logger;
  readonly metrics?: ConsumerMetrics;
}

export interface Consumer {
  /**
   * Joins the group and handles records until `signal` is aborted; then finishes what runs (up to
   * `drainMs`), commits and leaves. Rejects when joining fails for good. Can be called once.
   */
  run(signal: AbortSignal): Promise<void>;
  health(): ConsumerHealth;
}

/** For health checks and the console. Ages in milliseconds, undefined where there is nothing yet. */
export interface ConsumerHealth {
  readonly state: 'idle' | 'joining' | 'running' | 'draining' | 'stopped';
  readonly generation: number | undefined;
  /** Since the group last acknowledged this member. */
  readonly heartbeatAgeMs: number | undefined;
  /** Since the log last delivered records; grows on an idle topic too. */
  readonly lastRecordsAgeMs: number | undefined;
  /** How long reading some partition has been failing; undefined while all reads go well. */
  readonly readFailingForMs: number | undefined;
  readonly oldestUndoneAgeMs: number | undefined;
  readonly breaker: 'closed' | 'open';
  readonly assignment: readonly PartitionHealth[];
}

export interface PartitionHealth {
  readonly topic: string;
  readonly partition: number;
  /** The next offset to be read. */
  readonly position: number;
  readonly committed: number | undefined;
  /** Records read and not done. */
  readonly undone: number;
  /** Not fetched now, because too much is undone. */
  readonly paused: boolean;
}
