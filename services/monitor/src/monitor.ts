import type { Catalog } from '@sori/contract';
import type { ClusterObserver } from '@sori/kafka';
import { type Clock, type Logger, type LogReader, systemClock } from '@sori/stream';
import type { Health, Metrics } from '@sori/telemetry';
import { ClusterWatch, PARTS } from './cluster-watch.ts';
import { DEFAULT_MONITOR_LIMITS, type MonitorLimits } from './limits.ts';
import { exportWatch, watchCounters } from './metrics.ts';
import { RecordTimes } from './record-times.ts';

export interface MonitorOptions {
  readonly catalog: Catalog;
  /** Stays the caller's. */
  readonly observer: ClusterObserver;
  /** Stays the caller's. */
  readonly reader: LogReader;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly clock?: Clock | undefined;
  readonly limits?: Partial<MonitorLimits> | undefined;
}

/** Looks at the cluster until it is disposed. */
export type Monitor = AsyncDisposable;

/**
 * Starts to look at the cluster and to export what it sees through `metrics`. It is ready when it has
 * seen topics and groups, and for as long as it sees them; brokers that are away make it not ready,
 * and never dead: it looks again.
 */
export function startMonitor(options: MonitorOptions): Monitor {
  const { catalog, health, logger, metrics, observer, reader } = options;
  const clock = options.clock ?? systemClock;
  const limits: MonitorLimits = { ...DEFAULT_MONITOR_LIMITS, ...options.limits };
  const { registry } = metrics;
  const times = new RecordTimes({ reader, clock, limits });
  const listener = watchCounters(registry);
  const watch = new ClusterWatch({ catalog, observer, times, listener, logger, clock, limits });
  exportWatch({ registry, watch, catalog, clock });
  for (const part of PARTS) health.ready(part, () => watch.problem(part));

  const stopping = new AbortController();
  let end: string | undefined;
  health.live('monitor', () => end);
  const running = watch.run(stopping.signal).catch((err: unknown) => {
    // Not an outage, which it goes through, but a mistake of ours: a restart may help.
    end = 'ended by an error';
    logger.error({ err }, 'the monitor ended');
  });
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}
