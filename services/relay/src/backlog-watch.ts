import { measureOutbox, type Queryable } from '@sori/postgres';
import type { Clock, Logger } from '@sori/stream';
import type { RelayMetrics } from './metrics.ts';
import { pause } from './pause.ts';

export interface BacklogWatchOptions {
  readonly db: Queryable;
  readonly metrics: RelayMetrics;
  readonly clock: Clock;
  readonly everyMs: number;
  readonly logger: Logger;
  readonly stop: AbortSignal;
}

/**
 * Reports how far behind the outbox is, until it is stopped. Every relay does, whether it publishes
 * or not: a backlog is of most interest when none publishes. When it cannot be measured the last
 * numbers stand; whether the relay works is said elsewhere.
 */
export async function watchBacklog(options: BacklogWatchOptions): Promise<void> {
  const { db, metrics, logger, clock, everyMs, stop } = options;
  while (!stop.aborted) {
    try {
      metrics.backlog(await measureOutbox(db));
    } catch (err) {
      logger.debug({ err }, 'the outbox could not be measured');
    }
    await pause(clock, everyMs, stop);
  }
}
