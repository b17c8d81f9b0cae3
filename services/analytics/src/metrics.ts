import { Counter, Histogram, type Registry } from 'prom-client';
import type { BatchCounts } from './fold/count-batch.ts';
import type { Pruned } from './pruning.ts';

/** Seconds: from a few rows to a whole queue on a slow disk. */
const BATCH_SECONDS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const BATCH_RECORDS_BUCKETS = [1, 5, 10, 50, 100, 500, 1_000, 5_000];

/** What analytics counts of itself, beside what every consumer and projection does. */
export interface AnalyticsMetrics {
  /** A batch was committed. */
  applied(counts: BatchCounts, records: number, durationMs: number): void;
  pruned(rows: Pruned): void;
  pruningFailed(): void;
}

export function createAnalyticsMetrics(registry: Registry): AnalyticsMetrics {
  const registers = [registry];
  const seconds = new Histogram({
    name: 'sori_analytics_batch_duration_seconds',
    help: 'From the beginning of a transaction to its commit',
    buckets: BATCH_SECONDS_BUCKETS,
    registers,
  });
  const batchRecords = new Histogram({
    name: 'sori_analytics_batch_records',
    help: 'Records of one transaction',
    buckets: BATCH_RECORDS_BUCKETS,
    registers,
  });
  const untimely = new Counter({
    name: 'sori_analytics_untimely_total',
    help: 'Records that are missing from windows of some width, or whose event time was not believed; exact over restarts in analytics_untimely',
    labelNames: ['reason'],
    registers,
  });
  const pruned = new Counter({
    name: 'sori_analytics_pruned_rows_total',
    help: 'Rows that were deleted because nobody could read them any more',
    labelNames: ['table'],
    registers,
  });
  const pruningFailed = new Counter({
    name: 'sori_analytics_pruning_failed_total',
    help: 'Turns of pruning that failed; the next one does what was left',
    registers,
  });
  return {
    applied(counts, records, durationMs) {
      for (const { reason, records: times } of counts.untimely) untimely.inc({ reason }, times);
      seconds.observe(durationMs / 1_000);
      batchRecords.observe(records);
    },
    pruned(rows) {
      for (const [table, times] of rows) pruned.inc({ table }, times);
    },
    pruningFailed: () => pruningFailed.inc(),
  };
}
