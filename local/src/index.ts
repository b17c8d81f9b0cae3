export { runCommand } from './command.ts';
export { type LocalSetupCode, LocalSetupError } from './errors.ts';
export { findJava } from './java.ts';
export {
  type KafkaCluster,
  type KafkaClusterOptions,
  startKafkaCluster,
} from './kafka-cluster.ts';
export { kafkaClassPath } from './kafka-jars.ts';
export type { KafkaNode } from './kafka-node.ts';
export type { KafkaVariant } from './kafka-variant.ts';
export { commandOf, endOrphans } from './orphans.ts';
export { freePort } from './ports.ts';
export {
  type PostgresServer,
  type PostgresServerOptions,
  startPostgresServer,
} from './postgres-server.ts';
export { type PrometheusPrograms, prometheusPrograms } from './prometheus-programs.ts';
export {
  type PrometheusServer,
  type PrometheusServerOptions,
  type ScrapeTarget,
  startPrometheusServer,
} from './prometheus-server.ts';
export {
  type ServerProcess,
  type ServerProcessOptions,
  startServerProcess,
  waitUntilReady,
} from './server-process.ts';
