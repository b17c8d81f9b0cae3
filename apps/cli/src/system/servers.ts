import { setTimeout as delay } from 'node:timers/promises';
import { brokerList, optional, readEnvironment, urlOf } from '@sori/config';
import { startKafkaCluster, startPostgresServer } from '@sori/local';
import { buildWebApp } from '@sori/web';
import type { Home } from './home.ts';
import type { Progress } from './progress.ts';
import { together } from './together.ts';

const KAFKA_PORT = 9092;
const POSTGRES_PORT = 5432;
const RESTART_DELAY_MS = 1_000;

export interface ServersOptions {
  readonly home: Home;
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
  const { progress } = options;
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
  { home, environment, progress, signal }: ServersOptions,
  started: AsyncDisposableStack,
): Promise<readonly string[]> {
  const cluster = await progress.step('three Kafka brokers', (update) =>
    startKafkaCluster({
      directory: home.data,
      jarsDirectory: home.jars,
      preferredPort: KAFKA_PORT,
      environment,
      signal,
      onProgress: update,
      onExit: (node, how) => restart(node.name, how, () => node.start(), progress, signal),
    }),
  );
  return started.use(cluster).brokers;
}

async function startPostgres(
  { home, progress, signal }: ServersOptions,
  started: AsyncDisposableStack,
): Promise<string> {
  const server = await progress.step('Postgres', () =>
    startPostgresServer({
      directory: home.data,
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
      if (!signal.aborted) restart(name, error.message, start, progress, signal);
    });
}
