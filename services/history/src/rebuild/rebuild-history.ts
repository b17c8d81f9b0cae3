import { messageEvents } from '@sori/chat-events';
import type { Catalog } from '@sori/contract';
import {
  deleteReplaced,
  giveUpBuild,
  type HistoryBuilds,
  type Pool,
  takeUpBuild,
  withRebuildLock,
} from '@sori/postgres';
import { type Clock, type Logger, type LogReader, systemClock } from '@sori/stream';
import { BuildJob, type Distance } from './build-job.ts';
import { RebuildFailed } from './errors.ts';
import { StretchReader } from './stretch-reader.ts';

/** How long the service may be held back for that, in milliseconds: less than its patience for locks. */
const SWITCH_TIMEOUT_MS = 3_000;

/** The pause before the next look at a build that waits for the service, in milliseconds. */
const WAIT_MS = 500;

export interface RebuildLimits {
  /** Messages that one transaction copies. */
  readonly copyRows: number;
  /** Rows that one transaction deletes. */
  readonly deleteRows: number;
  /** A build that is at most so many records behind may take the other's place. */
  readonly switchRecords: number;
}

const DEFAULT_LIMITS: RebuildLimits = { copyRows: 2_000, deleteRows: 5_000, switchRecords: 2_000 };

export interface RebuildOptions {
  readonly catalog: Catalog;
  readonly pool: Pool;
  readonly reader: LogReader;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: RebuildProgress) => void;
  readonly limits?: Partial<RebuildLimits>;
  readonly clock?: Clock;
}

export interface RebuildProgress {
  readonly phase: 'building' | 'switching' | 'deleting';
  /** Messages that were copied, because the log does not hold their records any more. */
  readonly copiedMessages: number;
  /** Records of the log that were applied. */
  readonly appliedRecords: number;
  /** Records that the build is behind the service; undefined until that is known. */
  readonly behindRecords: number | undefined;
  /** Partitions that cannot be built before the service has read up to the log's beginning. */
  readonly waitingPartitions: readonly number[];
  /** Rows of replaced builds that were deleted. */
  readonly deletedRows: number;
}

export interface RebuiltHistory {
  /** The build that is active now. */
  readonly build: number;
  /** Whether an earlier rebuild had begun it. */
  readonly resumed: boolean;
  readonly copiedMessages: number;
  readonly appliedRecords: number;
  readonly deletedRows: number;
}

/**
 * Makes the history anew from the log, beside the one that is read and written meanwhile, and puts it
 * in its place when both are equally far. Can be aborted and called again at any time: it goes on
 * where it was.
 *
 * Rejects with RebuildFailed, with LogError and DependencyUnavailable as log and database do, and with
 * the signal's reason.
 */
export async function rebuildHistory(options: RebuildOptions): Promise<RebuiltHistory> {
  const result = await withRebuildLock(options.pool, () => rebuild(options));
  if (result !== undefined) return result;
  throw new RebuildFailed('HISTORY_REBUILD_RUNNING', 'another rebuild of the history runs already');
}

async function rebuild(options: RebuildOptions): Promise<RebuiltHistory> {
  const { catalog, clock = systemClock, logger, pool, reader, signal } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  let progress: RebuildProgress = {
    phase: 'deleting',
    copiedMessages: 0,
    appliedRecords: 0,
    behindRecords: undefined,
    waitingPartitions: [],
    deletedRows: 0,
  };
  const tell = (change: Partial<RebuildProgress>): void => {
    progress = { ...progress, ...change };
    options.onProgress?.(progress);
  };
  const deleteAll = async (): Promise<void> => {
    tell({ phase: 'deleting' });
    for (;;) {
      signal.throwIfAborted();
      const rows = await deleteReplaced(pool, limits.deleteRows);
      if (rows === undefined) return;
      tell({ deletedRows: progress.deletedRows + rows });
    }
  };

  await deleteAll();
  const builds = await takeUpBuild(pool);
  await using stretches = new StretchReader(reader, logger);
  const job = new BuildJob({
    builds,
    topic: messageEvents.name,
    catalog,
    pool,
    reader,
    stretches,
    copyRows: limits.copyRows,
    signal,
    onCopied: (messages) => tell({ copiedMessages: progress.copiedMessages + messages }),
    onApplied: (records) => tell({ appliedRecords: progress.appliedRecords + records }),
  });
  tell({ phase: 'building' });
  for (let switched = false; !switched; ) {
    signal.throwIfAborted();
    const { reading, records, waiting } = await advance(job, pool, builds);
    tell({ behindRecords: records, waitingPartitions: waiting });
    if (reading && waiting.length === 0 && records <= limits.switchRecords) {
      tell({ phase: 'switching' });
      switched = await switchInTime(job, clock, signal);
      if (!switched) tell({ phase: 'building' });
    } else if (waiting.length > 0) {
      await pause(clock, WAIT_MS, signal);
    }
  }
  await deleteAll();
  const { copiedMessages, appliedRecords, deletedRows } = progress;
  const { building: build, resumed } = builds;
  return { build, resumed, copiedMessages, appliedRecords, deletedRows };
}

async function advance(job: BuildJob, pool: Pool, builds: HistoryBuilds): Promise<Distance> {
  try {
    return await job.advance();
  } catch (error) {
    const changed = error instanceof RebuildFailed && error.code === 'HISTORY_LOG_CHANGED';
    if (changed) await giveUpBuild(pool, builds.building);
    throw error;
  }
}

/** The service must not be held back for long by a log that does not answer. */
async function switchInTime(job: BuildJob, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const late = new AbortController();
  using _timer = clock.setTimer(() => late.abort(), SWITCH_TIMEOUT_MS);
  try {
    return await job.switchOver(AbortSignal.any([signal, late.signal]));
  } catch (error) {
    if (error !== late.signal.reason || signal.aborted) throw error;
    return false;
  }
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const over = Promise.withResolvers<void>();
  const end = (): void => over.resolve();
  using _timer = clock.setTimer(end, ms);
  signal.addEventListener('abort', end, { once: true });
  await over.promise;
  signal.removeEventListener('abort', end);
}
