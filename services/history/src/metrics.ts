import { Counter, Histogram, type Registry } from 'prom-client';
import type { HistoryChanges } from './fold.ts';

/** Seconds: from a few rows to a whole queue on a slow disk. */
const BATCH_SECONDS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const BATCH_RECORDS_BUCKETS = [1, 5, 10, 50, 100, 500, 1_000, 5_000];

/** What the history counts, beside what every consumer and projection does. */
export interface HistoryMetrics {
  /** A batch was committed. */
  applied(changes: HistoryChanges, records: number, durationMs: number): void;
}

export function createHistoryMetrics(registry: Registry): HistoryMetrics {
  const registers = [registry];
  const applied = new Counter({
    name: 'sori_history_applied_total',
    help: 'Records that are in the history, by event type',
    labelNames: ['type'],
    registers,
  });
  const passedOver = new Counter({
    name: 'sori_history_passed_over_total',
    help: 'Records that are not in the history, by why; exact over restarts in history_passed_over',
    labelNames: ['reason'],
    registers,
  });
  const seconds = new Histogram({
    name: 'sori_history_batch_duration_seconds',
    help: 'From the beginning of a transaction to its commit',
    buckets: BATCH_SECONDS_BUCKETS,
    registers,
  });
  const records = new Histogram({
    name: 'sori_history_batch_records',
    help: 'Records of one transaction',
    buckets: BATCH_RECORDS_BUCKETS,
    registers,
  });
  return {
    applied(changes, batchRecords, durationMs) {
      for (const [type, times] of changes.applied) applied.inc({ type }, times);
      for (const [reason, times] of changes.passedOver) passedOver.inc({ reason }, times);
      seconds.observe(durationMs / 1_000);
      records.observe(batchRecords);
    },
  };
}
