export { addConsumerChecks, type ConsumerChecks } from './consumer-checks.ts';
export {
  createHealth,
  type Health,
  type HealthCheck,
  type HealthKind,
  type HealthReport,
} from './health.ts';
export { createLogger, LOG_LEVELS, type LogLevel } from './logger.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { addProjectionChecks, type ProjectionChecks } from './projection-checks.ts';
