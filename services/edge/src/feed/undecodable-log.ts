import type { UndecodableRecord } from '@sori/contract';
import type { Logger, LogRecord } from '@sori/stream';
import type { EdgeMetrics } from '../metrics.ts';

/** Counts records that are no notification. Says so once for each reason: there may be a topic full. */
export class UndecodableLog {
  readonly #metrics: EdgeMetrics;
  readonly #logger: Logger;
  readonly #said = new Set<string>();

  constructor(metrics: EdgeMetrics, logger: Logger) {
    this.#metrics = metrics;
    this.#logger = logger;
  }

  add({ partition, offset }: LogRecord, error: UndecodableRecord): void {
    const { reason } = error;
    this.#metrics.undecodable(reason);
    if (this.#said.has(reason)) return;
    this.#said.add(reason);
    const fields = { partition, offset, reason, err: error };
    this.#logger.warn(fields, 'a record of the feed is no notification; others are only counted');
  }
}
