import type { ConsumerMetrics } from '../ports/metrics.ts';

/** Counts nothing, for consumers without metrics. */
export const silentConsumerMetrics: ConsumerMetrics = {
  consumed() {},
  handled() {},
  retried() {},
  deadLettered() {},
  committed() {},
  assigned() {},
  skippedByRetention() {},
  breaker() {},
};
