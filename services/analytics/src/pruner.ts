import type { Pool } from '@sori/postgres';
import type { Clock, Logger } from '@sori/stream';
import { PRUNING_INTERVAL_MS } from './limits.ts';
import type { AnalyticsMetrics } from './metrics.ts';
import { pruneAnalytics } from './pruning.ts';

export interface PrunerOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: AnalyticsMetrics;
}

/**
 * Prunes every so often, until it is disposed: then it waits for what it is at. Every member does, so
 * that any of them is enough. What fails is tried again at the next turn: rows that nobody reads wait.
 */
export function startPruner({ pool, clock, logger, metrics }: PrunerOptions): AsyncDisposable {
  let running = Promise.resolve();
  let failing = false;
  const prune = async (): Promise<void> => {
    try {
      metrics.pruned(await pruneAnalytics(pool, clock.now()));
      if (failing) logger.info({}, 'pruning goes on');
      failing = false;
    } catch (err) {
      metrics.pruningFailed();
      if (!failing) logger.warn({ err }, 'pruning fails; it is tried again');
      failing = true;
    }
  };
  const schedule = () => clock.setTimer(turn, PRUNING_INTERVAL_MS);
  let timer = schedule();
  let stopped = false;
  function turn(): void {
    running = prune().then(() => {
      if (!stopped) timer = schedule();
    });
  }
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      timer.cancel();
      await running;
    },
  };
}
