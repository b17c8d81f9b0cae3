import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { zooKeeperConfiguration } from './broker-properties.ts';
import { VARIANTS } from './kafka-variant.ts';
import { freePort } from './ports.ts';
import { type ServerProcess, startServerProcess, waitUntilReady } from './server-process.ts';

const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 5_000;
const JVM_ARGUMENTS = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** A ZooKeeper of one server on 127.0.0.1. Disposing it stops it; its data stays. */
export interface ZooKeeperServer extends AsyncDisposable {
  readonly port: number;
  /** Starts it again, on the same port, after it ended. */
  start(): Promise<void>;
}

/** Starts ZooKeeper and waits until it serves; throws LocalSetupError. */
export async function startZooKeeper(options: {
  /** Holds log, configuration and pid file. */
  readonly directory: string;
  readonly dataDirectory: string;
  readonly java: string;
  readonly classPath: string;
  /** It ended and nobody stopped it; `how` as `SIGKILL`. */
  readonly onExit: (server: ZooKeeperServer, how: string) => void;
  readonly signal: AbortSignal | undefined;
}): Promise<ZooKeeperServer> {
  const { directory, java, classPath } = options;
  const dataDirectory = join(options.dataDirectory, 'zookeeper');
  await mkdir(dataDirectory, { recursive: true });
  const port = await freePort();
  const configuration = join(directory, 'zoo.cfg');
  await writeFile(configuration, zooKeeperConfiguration({ port, dataDirectory }));
  const outputFile = join(directory, 'logs', 'zookeeper.out');
  const logging = VARIANTS.zookeeper.logging(join(directory, 'logs', 'zookeeper.log'));
  const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
  let server: ServerProcess | undefined;
  let isStopping = false;

  const start = async (): Promise<void> => {
    isStopping = false;
    const started = await startServerProcess({
      name: 'ZooKeeper',
      program: java,
      args: [...JVM_ARGUMENTS, ...logging, '-cp', classPath, main, configuration],
      outputFile,
      pidFile: join(directory, 'zookeeper.pid'),
    });
    server = started;
    void started.exited.then((how) => {
      if (!isStopping) options.onExit(zooKeeper, how);
    });
    await waitUntilReady(started, () => accepts(port), {
      timeoutMs: START_TIMEOUT_MS,
      outputFile,
      signal: options.signal,
    });
  };

  const stop = async (): Promise<void> => {
    isStopping = true;
    await server?.stop('SIGTERM', STOP_GRACE_MS);
  };

  const zooKeeper: ZooKeeperServer = { port, start, [Symbol.asyncDispose]: stop };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return zooKeeper;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
