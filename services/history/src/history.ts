import { historyGroup } from '@sori/chat-events';
import type { Catalog } from '@sori/contract';
import {
  countPassedOver,
  createProjectionStore,
  HISTORY_PROJECTION,
  holdActiveBuild,
  type Pool,
  type Queryable,
} from '@sori/postgres';
import {
  type Clock,
  createProjection,
  type GroupCoordinator,
  type Logger,
  type LogReader,
  type ProjectionBatch,
  type ProjectionLimits,
  type ProjectionStore,
  systemClock,
} from '@sori/stream';
import { addProjectionChecks, type Health, type Metrics } from '@sori/telemetry';
import { applyHistory } from './apply-history.ts';
import type { HistoryChanges } from './fold.ts';
import { createHistoryMetrics, type HistoryMetrics } from './metrics.ts';

export interface HistoryOptions {
  /** A name that outlives restarts, as `history-1`. */
  readonly memberName: string;
  readonly catalog: Catalog;
  /** Stay the caller's. */
  readonly reader: LogReader;
  readonly coordinator: GroupCoordinator;
  readonly pool: Pool;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly limits?: Partial<ProjectionLimits> | undefined;
  readonly clock?: Clock | undefined;
}

/** Disposing it lets running transactions end, and leaves the group. */
export type History = AsyncDisposable;

/**
 * Starts a member of history-consumer-group: what is said in message.events becomes rows, each record
 * once. It is ready when the group has given it partitions, or none because others have them all.
 */
export async function startHistory(options: HistoryOptions): Promise<History> {
  const { catalog, coordinator, health, limits, logger, memberName, metrics, pool, reader } =
    options;
  const clock = options.clock ?? systemClock;
  const changesOf = new WeakMap<ProjectionBatch, HistoryChanges>();
  const projection = createProjection<Queryable>({
    catalog,
    group: historyGroup,
    memberName,
    reader,
    coordinator,
    store: counted(pool, changesOf, createHistoryMetrics(metrics.registry), clock),
    async project(transaction, batch) {
      const build = await holdActiveBuild(transaction);
      const changes = await applyHistory(transaction, build, batch);
      await countPassedOver(transaction, batch.partition, changes.passedOver);
      changesOf.set(batch, changes);
    },
    logger,
    clock,
    metrics: metrics.consumer(historyGroup.id, memberName),
    ...(limits === undefined ? {} : { limits }),
  });
  metrics.projection(historyGroup.id, memberName, () => projection.health());
  const checks = addProjectionChecks(health, historyGroup.id, projection);
  const stopping = new AbortController();
  const running = projection.run(stopping.signal).catch((cause: unknown) => {
    // Nothing is lost: another goes on from the positions, and this process wants to be restarted.
    logger.error({ group: historyGroup.id, err: cause }, 'the projection ended');
    checks.ended(cause);
  });
  return {
    async [Symbol.asyncDispose]() {
      health.drain();
      stopping.abort();
      await running;
    },
  };
}

/** Counts what was committed, and only that: a batch that fails is projected more than once. */
function counted(
  pool: Pool,
  changesOf: WeakMap<ProjectionBatch, HistoryChanges>,
  metrics: HistoryMetrics,
  clock: Clock,
): ProjectionStore<Queryable> {
  const store = createProjectionStore(pool, HISTORY_PROJECTION);
  return {
    positions: store.positions,
    async apply(batch, work) {
      const startedAt = clock.now();
      const moved = await store.apply(batch, work);
      const changes = changesOf.get(batch);
      if (moved && changes !== undefined) {
        metrics.applied(changes, batch.records.length, clock.now() - startedAt);
      }
      return moved;
    },
  };
}
