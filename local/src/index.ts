export { runCommand } from './command.ts';
export { type LocalSetupCode, LocalSetupError } from './errors.ts';
export { findJava } from './java.ts';
export {
  type KafkaCluster,
  type KafkaClusterOptions,
  type KafkaNode,
  startKafkaCluster,
} from './kafka-cluster.ts';
export { kafkaClassPath } from './kafka-jars.ts';
export { endOrphans } from './orphans.ts';
export { freePort } from './ports.ts';
export {
  type PostgresServer,
  type PostgresServerOptions,
  startPostgresServer,
} from './postgres-server.ts';
export {
  type ServerProcess,
  type ServerProcessOptions,
  startServerProcess,
  waitUntilReady,
} from './server-process.ts';
