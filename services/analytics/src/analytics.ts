import { analyticsGroup } from '@sori/chat-events';
import type { Catalog } from '@sori/contract';
import { createProjectionStore, type Pool, type Queryable } from '@sori/postgres';
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
import { applyAnalytics } from './apply-analytics.ts';
import type { BatchCounts } from './fold/count-batch.ts';
import { GATHER_MS } from './limits.ts';
import { type AnalyticsMetrics, createAnalyticsMetrics } from './metrics.ts';
import { startPruner } from './pruner.ts';

/** Under which its positions are stored. */
const PROJECTION = 'analytics';

export interface AnalyticsOptions {
  /** A name that outlives restarts, as `analytics-1`. */
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
export type Analytics = AsyncDisposable;

/**
 * Starts a member of analytics-consumer-group: every record of every topic, dead letters included, is
 * counted once. It is ready when the group has given it partitions, or none because others have them
 * all.
 */
export async function startAnalytics(options: AnalyticsOptions): Promise<Analytics> {
  const { catalog, coordinator, health, limits, logger, memberName, pool, reader } = options;
  const clock = options.clock ?? systemClock;
  const metrics = createAnalyticsMetrics(options.metrics.registry);
  const countsOf = new WeakMap<ProjectionBatch, BatchCounts>();
  const projection = createProjection<Queryable>({
    catalog,
    group: analyticsGroup,
    memberName,
    reader,
    coordinator,
    store: measured(pool, countsOf, metrics, clock),
    async project(transaction, batch) {
      countsOf.set(batch, await applyAnalytics(transaction, catalog, batch, clock.now()));
    },
    logger,
    clock,
    metrics: options.metrics.consumer(analyticsGroup.id, memberName),
    limits: { gatherMs: GATHER_MS, ...limits },
  });
  options.metrics.projection(analyticsGroup.id, memberName, () => projection.health());
  const checks = addProjectionChecks(health, analyticsGroup.id, projection);
  const stopping = new AbortController();
  const running = projection.run(stopping.signal).catch((cause: unknown) => {
    // Nothing is lost: another goes on from the positions, and this process wants to be restarted.
    logger.error({ group: analyticsGroup.id, err: cause }, 'the projection ended');
    checks.ended(cause);
  });
  const pruner = startPruner({ pool, clock, logger, metrics });
  return {
    async [Symbol.asyncDispose]() {
      health.drain();
      stopping.abort();
      await Promise.all([running, pruner[Symbol.asyncDispose]()]);
    },
  };
}

/** Tells of what was committed, and only that: a batch that fails is projected more than once. */
function measured(
  pool: Pool,
  countsOf: WeakMap<ProjectionBatch, BatchCounts>,
  metrics: AnalyticsMetrics,
  clock: Clock,
): ProjectionStore<Queryable> {
  const store = createProjectionStore(pool, PROJECTION);
  return {
    positions: store.positions,
    async apply(batch, work) {
      const startedAt = clock.now();
      const moved = await store.apply(batch, work);
      const counts = countsOf.get(batch);
      if (moved && counts !== undefined) {
        metrics.applied(counts, batch.records.length, clock.now() - startedAt);
      }
      return moved;
    },
  };
}
