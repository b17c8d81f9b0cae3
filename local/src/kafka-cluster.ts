import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodePorts } from './broker-properties.ts';
import { findJava } from './java.ts';
import { kafkaClassPath } from './kafka-jars.ts';
import { type KafkaNode, type ManagedNode, makeNode, STOP_GRACE_MS } from './kafka-node.ts';
import type { KafkaVariant } from './kafka-variant.ts';
import { nodePorts } from './ports.ts';
import { startZooKeeper, type ZooKeeperServer } from './zookeeper-server.ts';

const NODE_COUNT = 3;
/** The last node has no quorum left that could move its leaders, so waiting for it is in vain. */
const LAST_STOP_GRACE_MS = 1_500;

export interface KafkaClusterOptions {
  /** Holds data, logs, properties and pid files. Kept between starts. */
  readonly directory: string;
  /** Holds the jars; shared by all clusters of a checkout. */
  readonly jarsDirectory: string;
  /** `kraft` unless given. */
  readonly variant?: KafkaVariant | undefined;
  /** The first broker's port if it is free; two ports a node follow. Any free ones if left out. */
  readonly preferredPort?: number;
  /** Settings of a broker, over ours. */
  readonly overrides?: (
    nodeId: number,
    cluster: { readonly ports: readonly NodePorts[]; readonly zooKeeperPort: number | undefined },
  ) => Readonly<Record<string, string>>;
  readonly environment?: NodeJS.ProcessEnv;
  readonly onProgress?: (step: string) => void;
  /** A node ended that nobody stopped; `how` as `SIGKILL`. */
  readonly onExit?: (node: KafkaNode, how: string) => void;
  /** ZooKeeper ended, and nobody stopped it; brokers go on without it for a session's time only. */
  readonly onZooKeeperExit?: (zooKeeper: ZooKeeperServer, how: string) => void;
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

/**
 * Starts three nodes on 127.0.0.1 and waits until all of them serve: broker and controller each
 * (KRaft), or brokers and a ZooKeeper. Throws LocalSetupError if Java or Maven is missing or a node
 * doesn't start.
 */
export async function startKafkaCluster(options: KafkaClusterOptions): Promise<KafkaCluster> {
  const { directory, variant = 'kraft', onExit = () => {}, signal } = options;
  const progress = options.onProgress ?? (() => {});
  const java = await findJava(options.environment ?? process.env);
  const classPath = await kafkaClassPath(options.jarsDirectory, {
    variant,
    onDownload: () => progress('fetching Kafka (54 MB, once)'),
    signal,
  });
  await using starting = new AsyncDisposableStack();
  const dataDirectory = join(directory, variant);
  await mkdir(dataDirectory, { recursive: true });
  const clusterId = await clusterIdOf(dataDirectory);
  const server = { directory, dataDirectory, clusterId, java, classPath, signal };
  let zooKeeperPort: number | undefined;
  if (variant === 'zookeeper') {
    progress('starting ZooKeeper');
    const onZooKeeperExit = options.onZooKeeperExit ?? (() => {});
    const zooKeeper = await startZooKeeper({ ...server, onExit: onZooKeeperExit });
    zooKeeperPort = starting.use(zooKeeper).port;
  }
  const ports = await nodePorts(NODE_COUNT, options.preferredPort);
  const nodes = ports.map((_, index) => {
    const id = index + 1;
    const overrides = options.overrides?.(id, { ports, zooKeeperPort }) ?? {};
    return makeNode({ ...server, id, ports, zooKeeperPort, overrides, onExit });
  });
  await Promise.all(nodes.map((node) => node.prepare()));
  progress('starting three brokers');
  try {
    await Promise.all(nodes.map((node) => node.start()));
  } catch (error) {
    await Promise.all(nodes.map((node) => node.kill()));
    throw error;
  }
  starting.defer(() => stopAll(nodes, variant));
  const running = starting.move();
  return {
    brokers: nodes.map((node) => node.address),
    nodes,
    java,
    classPath,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** One after another: a node hands its leaders over while the others still have a quorum. */
async function stopAll(nodes: readonly ManagedNode[], variant: KafkaVariant): Promise<void> {
  const running = nodes.filter((node) => node.isRunning());
  const lastWithQuorum = variant === 'kraft' ? running.length - 2 : running.length - 1;
  for (const [index, node] of running.entries()) {
    await node.stop(index < lastWithQuorum ? STOP_GRACE_MS : LAST_STOP_GRACE_MS);
  }
}

/**
 * Made at the first start. Another cluster's nodes may be left on ports that ours get next, or the
 * other way about: by the id they refuse each other, where a shared id lets votes cross.
 */
async function clusterIdOf(dataDirectory: string): Promise<string> {
  const file = join(dataDirectory, 'cluster-id');
  if (existsSync(file)) return await readFile(file, 'utf8');
  // Kafka's own form: 16 bytes, base64url. One that began with a dash would read as an option.
  const id = `s${randomBytes(16).toString('base64url').slice(1)}`;
  await writeFile(file, id);
  return id;
}
