import { setTimeout as delay } from 'node:timers/promises';
import { brokerList, optional, readEnvironment, urlOf } from '@sori/config';
import {
  type KafkaVariant,
  LocalSetupError,
  startKafkaCluster,
  startPostgresServer,
} from '@sori/local';
import { buildWebApp } from '@sori/web';
import { CommandError, EXIT } from '../errors.ts';
import { dataOf, type Home } from './home.ts';
import type { Progress } from './progress.ts';
import { together } from './together.ts';

const KAFKA_PORT = 9092;
const POSTGRES_PORT = 5432;
const RESTART_DELAY_MS = 1_000;

export interface ServersOptions {
  readonly home: Home;
  /** Who keeps the state of a Kafka that is started here. */
  readonly variant: KafkaVariant;
  /** KAFKA_BROKERS and DATABASE_URL in it are used instead of starting servers. */
  readonly environment: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface Servers {
  readonly brokers: readonly string[];
  readonly databaseUrl: string;
  /** The folder of the built page. */
  readonly webRoot: string;
}

/**
 * Starts Kafka and Postgres, or takes those of the environment, and builds the page. What it started
 * goes to `started`, also where it rejects.
 */
export async function startServers(
  options: ServersOptions,
  started: AsyncDisposableStack,
): Promise<Servers> {
  const given = readEnvironment(options.environment, {
    brokers: optional(brokerList('KAFKA_BROKERS')),
    databaseUrl: optional(urlOf('DATABASE_URL', ['postgres:', 'postgresql:'])),
  });
  const { progress, variant } = options;
  if (given.brokers && variant !== 'kraft') {
    throw new CommandError(
      'CLI_VARIANT_OF_OTHERS',
      'KAFKA_BROKERS names a cluster that runs already, so --zookeeper has nothing to start. Leave one of them out.',
      { exitCode: EXIT.usage },
    );
  }
  if (given.brokers) progress.note(`using Kafka at ${given.brokers.join(', ')} (KAFKA_BROKERS)`);
  if (given.databaseUrl) progress.note('using the database of DATABASE_URL');
  const [brokers, databaseUrl, webRoot] = await together(options.signal, [
    async (signal) => given.brokers ?? (await startKafka({ ...options, signal }, started)),
    async (signal) => given.databaseUrl ?? (await startPostgres({ ...options, signal }, started)),
    () => progress.step('the page', async () => (await buildWebApp()).path),
  ]);
  return { brokers, databaseUrl, webRoot };
}

async function startKafka(
  { home, variant, environment, progress, signal }: ServersOptions,
  started: AsyncDisposableStack,
): Promise<readonly string[]> {
  const title =
    variant === 'zookeeper' ? 'ZooKeeper and three Kafka brokers' : 'three Kafka brokers';
  const cluster = await progress.step(title, (update) =>
    startKafkaCluster({
      variant,
      directory: dataOf(home, variant),
      jarsDirectory: home.jars,
      preferredPort: KAFKA_PORT,
      environment,
      signal,
      onProgress: update,
      onExit: (node, how) => restart(node.name, how, () => node.start(), progress, signal),
      onZooKeeperExit: (zooKeeper, how) =>
        restart('ZooKeeper', how, () => zooKeeper.start(), progress, signal),
    }),
  );
  return started.use(cluster).brokers;
}

async function startPostgres(
  { home, variant, progress, signal }: ServersOptions,
  started: AsyncDisposableStack,
): Promise<string> {
  const server = await progress.step('Postgres', () =>
    startPostgresServer({
      directory: dataOf(home, variant),
      preferredPort: POSTGRES_PORT,
      signal,
      onExit: (postgres, how) => restart('Postgres', how, () => postgres.start(), progress, signal),
    }),
  );
  return started.use(server).url;
}

/** Starts a server again that ended by itself, until it stays or the system stops. */
function restart(
  name: string,
  how: string,
  start: () => Promise<void>,
  progress: Progress,
  signal: AbortSignal,
): void {
  progress.note(`${name} ended (${how}); starting it again`);
  void delay(RESTART_DELAY_MS)
    .then(async () => {
      if (!signal.aborted) await start();
    })
    .catch((error: Error) => {
      // It ended once more, which whoever starts it has heard of like the first time.
      if (error instanceof LocalSetupError && error.code === 'LOCAL_PROCESS_EXITED') return;
      if (!signal.aborted) restart(name, error.message, start, progress, signal);
    });
}
