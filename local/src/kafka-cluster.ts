import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brokerProperties, type NodePorts } from './broker-properties.ts';
import { runCommand } from './command.ts';
import { LocalSetupError } from './errors.ts';
import { findJava } from './java.ts';
import { kafkaClassPath } from './kafka-jars.ts';
import { nodePorts } from './ports.ts';
import { type ServerProcess, startServerProcess, waitUntilReady } from './server-process.ts';

const LOG4J = join(import.meta.dirname, '..', 'kafka', 'log4j2.properties');
/** Any fixed id will do: each cluster has directories of its own. */
const CLUSTER_ID = 'c29yaS1sb2NhbC1rYWZrYQ';
const NODE_COUNT = 3;
const START_TIMEOUT_MS = 120_000;
/** A controlled shutdown moves leaders away first; one that takes longer than this has no quorum. */
const STOP_GRACE_MS = 20_000;
/** The last node has no quorum left that could move its leaders, so waiting for it is in vain. */
const LAST_STOP_GRACE_MS = 1_500;
const JVM_ARGUMENTS = ['-Xms256m', '-Xmx512m', '-XX:+UseG1GC', '-XX:TieredStopAtLevel=1'];

export interface KafkaClusterOptions {
  /** Holds data, logs, properties and pid files. Kept between starts. */
  readonly directory: string;
  /** Holds the jars; shared by all clusters of a checkout. */
  readonly jarsDirectory: string;
  /** The first broker's port if it is free; two ports a node follow. Any free ones if left out. */
  readonly preferredPort?: number;
  /** Settings of every broker, over ours. */
  readonly overrides?: Readonly<Record<string, string>>;
  readonly environment?: NodeJS.ProcessEnv;
  readonly onProgress?: (step: string) => void;
  /** A node ended that nobody stopped; `how` as `SIGKILL`. */
  readonly onExit?: (node: KafkaNode, how: string) => void;
  /** Gives up starting; what runs by then is ended. */
  readonly signal?: AbortSignal;
}

/** Three real brokers. Disposing it stops them; their data stays. */
export interface KafkaCluster extends AsyncDisposable {
  /** `host:port` of each node, in order. */
  readonly brokers: readonly string[];
  readonly nodes: readonly KafkaNode[];
  /** For Kafka's own command-line tools: `java -cp <classPath> org.apache.kafka.tools.TopicCommand`. */
  readonly java: string;
  readonly classPath: string;
}

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

/**
 * Starts three nodes (broker and controller each, KRaft) on 127.0.0.1 and waits until all of them
 * serve. Throws LocalSetupError if Java or Maven is missing or a node doesn't start.
 */
export async function startKafkaCluster(options: KafkaClusterOptions): Promise<KafkaCluster> {
  const progress = options.onProgress ?? (() => {});
  const java = await findJava(options.environment ?? process.env);
  const classPath = await kafkaClassPath(options.jarsDirectory, {
    onDownload: () => progress('fetching Kafka (54 MB, once)'),
    signal: options.signal,
  });
  const ports = await nodePorts(NODE_COUNT, options.preferredPort);
  const nodes = ports.map((_, index) =>
    makeNode({ options, java, classPath, ports, id: index + 1 }),
  );
  await Promise.all(nodes.map((node) => node.format()));
  progress('starting three brokers');
  try {
    await Promise.all(nodes.map((node) => node.start()));
  } catch (error) {
    await Promise.all(nodes.map((node) => node.kill()));
    throw error;
  }
  return {
    brokers: nodes.map((node) => node.address),
    nodes,
    java,
    classPath,
    [Symbol.asyncDispose]: async () => {
      const running = nodes.filter((node) => node.isRunning());
      // One after another: a node hands its leaders over while the others still have a quorum.
      for (const [index, node] of running.entries()) {
        await node.stop(index < running.length - 2 ? STOP_GRACE_MS : LAST_STOP_GRACE_MS);
      }
    },
  };
}

interface NodeContext {
  readonly options: KafkaClusterOptions;
  readonly java: string;
  readonly classPath: string;
  readonly ports: readonly NodePorts[];
  readonly id: number;
}

interface ManagedNode extends KafkaNode {
  format(): Promise<void>;
  isRunning(): boolean;
  stop(graceMs?: number): Promise<void>;
}

function makeNode(context: NodeContext): ManagedNode {
  const { options, java, classPath, ports, id } = context;
  const name = `kafka-${id}`;
  const logDirectory = join(options.directory, name);
  const propertiesFile = join(options.directory, `${name}.properties`);
  const logFile = join(options.directory, 'logs', `${name}.log`);
  const outputFile = join(options.directory, 'logs', `${name}.out`);
  const base = (log: string): string[] => [
    ...JVM_ARGUMENTS,
    `-Dlog4j2.configurationFile=${LOG4J}`,
    `-Dsori.log.file=${log}`,
    '-cp',
    classPath,
  ];
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
    format: async () => {
      await mkdir(options.directory, { recursive: true });
      const { overrides = {} } = options;
      const properties = brokerProperties({ nodeId: id, nodes: ports, logDirectory, overrides });
      await writeFile(propertiesFile, properties);
      if (existsSync(join(logDirectory, 'meta.properties'))) return;
      const format = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', propertiesFile];
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
        pidFile: join(options.directory, `${name}.pid`),
      });
      server = started;
      void started.exited.then((how) => {
        if (!isStopping) options.onExit?.(node, how);
      });
      const ready = async (): Promise<boolean> =>
        existsSync(logFile) && (await readFile(logFile, 'utf8')).includes('Kafka Server started');
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
