import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type BrokerPropertiesOptions,
  kraftProperties,
  type NodePorts,
  zooKeeperBrokerProperties,
} from './broker-properties.ts';
import { runCommand } from './command.ts';
import { LocalSetupError } from './errors.ts';
import { VARIANTS } from './kafka-variant.ts';
import { type ServerProcess, startServerProcess, waitUntilReady } from './server-process.ts';

const START_TIMEOUT_MS = 120_000;
/** A controlled shutdown moves leaders away first; one that takes longer than this has no quorum. */
export const STOP_GRACE_MS = 20_000;
/** The first compiler alone: brokers of a test or a try live too short for the second to pay. */
const JVM_ARGUMENTS = ['-Xms256m', '-Xmx512m', '-XX:+UseG1GC', '-XX:TieredStopAtLevel=1'];

export interface KafkaNode {
  readonly id: number;
  /** `kafka-1` */
  readonly name: string;
  readonly address: string;
  readonly pid: number;
  /** As an operator does it: leaders move away first. */
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Starts a stopped or killed node again; resolves when it serves. */
  start(): Promise<void>;
  /** SIGSTOP and SIGCONT. */
  pause(): void;
  resume(): void;
}

export interface KafkaNodeOptions {
  readonly id: number;
  readonly ports: readonly NodePorts[];
  /** Holds logs, properties and pid file. */
  readonly directory: string;
  readonly dataDirectory: string;
  readonly clusterId: string;
  readonly java: string;
  readonly classPath: string;
  /** Undefined where the nodes keep the cluster's state themselves. */
  readonly zooKeeperPort: number | undefined;
  readonly overrides: Readonly<Record<string, string>>;
  readonly onExit: (node: KafkaNode, how: string) => void;
  readonly signal: AbortSignal | undefined;
}

export interface ManagedNode extends KafkaNode {
  /** Writes its properties, and formats its storage where that was never done. */
  prepare(): Promise<void>;
  isRunning(): boolean;
  stop(graceMs?: number): Promise<void>;
}

export function makeNode(options: KafkaNodeOptions): ManagedNode {
  const { id, ports, directory, dataDirectory, java, classPath, zooKeeperPort } = options;
  const { logging, readyText } = VARIANTS[zooKeeperPort === undefined ? 'kraft' : 'zookeeper'];
  const name = `kafka-${id}`;
  const logDirectory = join(dataDirectory, name);
  const propertiesFile = join(directory, `${name}.properties`);
  const logFile = join(directory, 'logs', `${name}.log`);
  const outputFile = join(directory, 'logs', `${name}.out`);
  const base = (log: string) => [...JVM_ARGUMENTS, ...logging(log), '-cp', classPath];
  let server: ServerProcess | undefined;
  let isStopping = false;

  const node: ManagedNode = {
    id,
    name,
    address: `127.0.0.1:${ports[id - 1]?.broker}`,
    get pid() {
      if (server === undefined) throw new Error(`${name} was never started`);
      return server.pid;
    },
    isRunning: () => server?.isRunning() ?? false,
    prepare: async () => {
      await mkdir(directory, { recursive: true });
      const { overrides } = options;
      const given = { nodeId: id, nodes: ports, logDirectory, overrides };
      await writeFile(propertiesFile, propertiesOf(given, zooKeeperPort));
      if (zooKeeperPort !== undefined || existsSync(join(logDirectory, 'meta.properties'))) return;
      const format = [
        'kafka.tools.StorageTool',
        'format',
        '-t',
        options.clusterId,
        '-c',
        propertiesFile,
      ];
      const result = await runCommand(java, [...base(`${logFile}.format`), ...format]);
      if (result.code !== 0) {
        throw new LocalSetupError(
          'LOCAL_PROCESS_EXITED',
          `${name}'s storage could not be formatted: ${result.output.trim()}`,
        );
      }
    },
    start: async () => {
      isStopping = false;
      // What an earlier run logged would read as ready.
      await rm(logFile, { force: true });
      const started = await startServerProcess({
        name,
        program: java,
        args: [...base(logFile), 'kafka.Kafka', propertiesFile],
        outputFile,
        pidFile: join(directory, `${name}.pid`),
      });
      server = started;
      void started.exited.then((how) => {
        if (!isStopping) options.onExit(node, how);
      });
      const ready = async (): Promise<boolean> =>
        existsSync(logFile) && (await readFile(logFile, 'utf8')).includes(readyText);
      await waitUntilReady(started, ready, {
        timeoutMs: START_TIMEOUT_MS,
        outputFile: logFile,
        signal: options.signal,
      });
    },
    stop: async (graceMs = STOP_GRACE_MS) => {
      isStopping = true;
      await server?.stop('SIGTERM', graceMs);
    },
    kill: async () => {
      isStopping = true;
      await server?.stop('SIGKILL', 0);
    },
    pause: () => server?.signal('SIGSTOP'),
    resume: () => server?.signal('SIGCONT'),
  };
  return node;
}

function propertiesOf(given: BrokerPropertiesOptions, zooKeeperPort: number | undefined): string {
  return zooKeeperPort === undefined
    ? kraftProperties(given)
    : zooKeeperBrokerProperties({ ...given, zooKeeperPort });
}
