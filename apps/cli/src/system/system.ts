import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { freePort, type KafkaVariant } from '@sori/local';
import { CommandError } from '../errors.ts';
import { applyCatalog } from '../topics/apply-catalog.ts';
import type { Home } from './home.ts';
import { endLeftovers } from './leftovers.ts';
import { migrateDatabase } from './migrate-database.ts';
import { startMonitoring } from './monitoring.ts';
import { claimHome } from './owner.ts';
import type { Progress } from './progress.ts';
import { startServers } from './servers.ts';
import { startServices } from './service-set.ts';
import { publishState } from './state.ts';
import { together } from './together.ts';

const HOST = '127.0.0.1';
const GATEWAY_PORT = 8080;
const EDGE_PORT = 8081;

export interface SystemOptions {
  readonly home: Home;
  /** Of the Kafka that is started here; each has data of its own. */
  readonly variant: KafkaVariant;
  /** Members of notification-consumer-group. */
  readonly notifiers: number;
  /** The gateway's port: taken exactly, or any near 8080 where left out. */
  readonly port: number | undefined;
  /** Whether a Prometheus runs beside it. */
  readonly monitoring: boolean;
  /** KAFKA_BROKERS and DATABASE_URL in it are used instead of starting servers. */
  readonly environment: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** The whole product on this machine. Disposing it stops everything that it started. */
export interface System extends AsyncDisposable {
  readonly gatewayUrl: string;
  readonly edgeUrl: string;
  readonly brokers: readonly string[];
  /** Where Prometheus is, if it was asked for. */
  readonly prometheusUrl?: string;
}

/** Starts servers, topics, tables and services, each when what it needs is there. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { home, notifiers, progress, signal } = options;
  await using starting = new AsyncDisposableStack();
  starting.use(await claimHome(home));
  await mkdir(home.pids, { recursive: true });
  await endLeftovers(home, progress);
  const gatewayPort = await chooseGatewayPort(options.port, progress);
  const edgePort = await freePort(EDGE_PORT);
  const { brokers, databaseUrl, webRoot } = await startServers(options, starting);
  await together(signal, [
    (either) => progress.step('topics', () => applyCatalog(brokers, progress, either)),
    () => progress.step('database tables', () => migrateDatabase(databaseUrl)),
  ]);
  const gatewayUrl = `http://${HOST}:${gatewayPort}`;
  const edgeUrl = `http://${HOST}:${edgePort}`;
  const environment: Record<string, string> = {
    KAFKA_BROKERS: brokers.join(','),
    DATABASE_URL: databaseUrl,
    SORI_JWT_SECRET: await tokenSecret(home),
    SORI_DEVELOPMENT: '1',
    SORI_GATEWAY_HOST: HOST,
    SORI_GATEWAY_PORT: String(gatewayPort),
    SORI_EDGE_HOST: HOST,
    SORI_EDGE_PORT: String(edgePort),
    SORI_EDGE_ORIGINS: gatewayUrl,
    SORI_EDGE_URL: edgeUrl,
    SORI_WEB_ROOT: webRoot,
  };
  const names = `gateway, relay, ${notifiers} notifiers, edge, history, 2 analytics, monitor`;
  const targets = await progress.step(names, () =>
    startServices(
      {
        home,
        notifiers,
        environment: { ...withoutRivals(options.environment, environment), ...environment },
        gatewayPort,
        edgePort,
        progress,
        signal,
      },
      starting,
    ),
  );
  const prometheusUrl = options.monitoring
    ? await startMonitoring({ ...options, targets }, starting)
    : undefined;
  const startedAt = new Date().toISOString();
  const addresses = {
    gatewayUrl,
    edgeUrl,
    ...(prometheusUrl === undefined ? {} : { prometheusUrl }),
  };
  starting.use(await publishState(home, { startedAt, ...addresses, environment }));
  signal.throwIfAborted();
  const running = starting.move();
  return { ...addresses, brokers, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

async function chooseGatewayPort(wanted: number | undefined, progress: Progress): Promise<number> {
  const port = await freePort(wanted ?? GATEWAY_PORT);
  if (wanted === undefined) {
    if (port !== GATEWAY_PORT) progress.note(`port ${GATEWAY_PORT} is taken; using ${port}`);
    return port;
  }
  if (port === wanted) return port;
  throw new CommandError(
    'CLI_PORT_TAKEN',
    `Port ${wanted} is taken by another program. Choose another: npm start -- --port ${port}`,
  );
}

/** An environment without what would contradict ours: the file of a variable, another token key. */
function withoutRivals(
  own: NodeJS.ProcessEnv,
  ours: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const rivals = new Set([
    ...Object.keys(ours).map((name) => `${name}_FILE`),
    'SORI_JWKS_URL',
    'SORI_JWKS_URL_FILE',
  ]);
  return Object.fromEntries(Object.entries(own).filter(([name]) => !rivals.has(name)));
}

/** Kept between starts, so that people stay signed in. */
async function tokenSecret(home: Home): Promise<string> {
  try {
    return await readFile(home.tokenSecret, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secret = randomBytes(32).toString('base64url');
  await writeFile(home.tokenSecret, secret, { mode: 0o600 });
  return secret;
}
