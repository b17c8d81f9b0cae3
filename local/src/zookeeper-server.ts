import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { zooKeeperConfiguration } from './broker-properties.ts';
import { VARIANTS } from './kafka-variant.ts';
import { freePort } from './ports.ts';
import { startServerProcess, waitUntilReady } from './server-process.ts';

const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 5_000;
const JVM_ARGUMENTS = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** A ZooKeeper of one server on 127.0.0.1. Disposing it stops it; its data stays. */
export interface ZooKeeperServer extends AsyncDisposable {
  readonly port: number;
}

/** Starts ZooKeeper and waits until it serves; throws LocalSetupError. */
export async function startZooKeeper(options: {
  /** Holds log, configuration and pid file. */
  readonly directory: string;
  readonly dataDirectory: string;
  readonly java: string;
  readonly classPath: string;
  readonly onExit: (how: string) => void;
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
  const server = await startServerProcess({
    name: 'ZooKeeper',
    program: java,
    args: [...JVM_ARGUMENTS, ...logging, '-cp', classPath, main, configuration],
    outputFile,
    pidFile: join(directory, 'zookeeper.pid'),
  });
  let isStopping = false;
  const stop = async (): Promise<void> => {
    isStopping = true;
    await server.stop('SIGTERM', STOP_GRACE_MS);
  };
  void server.exited.then((how) => {
    if (!isStopping) options.onExit(how);
  });
  try {
    const { signal } = options;
    await waitUntilReady(server, () => accepts(port), {
      timeoutMs: START_TIMEOUT_MS,
      outputFile,
      signal,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, [Symbol.asyncDispose]: stop };
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
