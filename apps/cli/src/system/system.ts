import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { freePort } from '@sori/local';
import { migrate } from '@sori/postgres';
import { CommandError } from '../errors.ts';
import { applyCatalog } from '../topics/apply-catalog.ts';
import type { Home } from './home.ts';
import { endLeftovers } from './leftovers.ts';
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
  /** Members of notification-consumer-group. */
  readonly notifiers: number;
  /** The gateway's port: taken exactly, or any near 8080 where left out. */
  readonly port: number | undefined;
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
  await progress.step(`gateway, relay, ${notifiers} notifiers, edge, history`, () =>
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
  const startedAt = new Date().toISOString();
  starting.use(await publishState(home, { startedAt, gatewayUrl, edgeUrl, environment }));
  signal.throwIfAborted();
  const running = starting.move();
  return { gatewayUrl, edgeUrl, brokers, [Symbol.asyncDispose]: () => running.disposeAsync() };
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

async function migrateDatabase(url: string): Promise<void> {
  try {
    await migrate(url);
  } catch (cause) {
    const reason = rootOf(cause).message || 'no answer';
    throw new CommandError(
      'CLI_DATABASE_UNUSABLE',
      `The database's tables could not be made: ${reason}. Check DATABASE_URL, or leave it unset to start a Postgres here.`,
      { cause },
    );
  }
}

/** The error that others were made of: the database's own words. */
function rootOf(error: unknown): Error {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  if (error instanceof Error && error.cause !== undefined) return rootOf(error.cause);
  return error instanceof Error ? error : new Error(String(error));
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
