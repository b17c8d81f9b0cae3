/** Where one node listens, on 127.0.0.1. */
export interface NodePorts {
  readonly broker: number;
  /** Of its controller; unused where ZooKeeper takes that part. */
  readonly controller: number;
}

export interface BrokerPropertiesOptions {
  /** From 1. */
  readonly nodeId: number;
  /** All nodes of the cluster, this one too. */
  readonly nodes: readonly NodePorts[];
  readonly logDirectory: string;
  /** Any further setting of a broker, over ours. */
  readonly overrides?: Readonly<Record<string, string>>;
}

/** A broker that died is noticed after this; the default (9 s, 18 s) is how long publishing stalls. */
const BROKER_SESSION_TIMEOUT_MS = '3000';

/** server.properties of a node of a KRaft cluster whose nodes are broker and controller both. */
export function kraftProperties(options: BrokerPropertiesOptions): string {
  const { nodeId, nodes, overrides } = options;
  const own = ownPorts(options);
  return toText({
    'process.roles': 'broker,controller',
    'node.id': String(nodeId),
    'controller.quorum.voters': nodes
      .map((node, index) => `${index + 1}@127.0.0.1:${node.controller}`)
      .join(','),
    listeners: `PLAINTEXT://127.0.0.1:${own.broker},CONTROLLER://127.0.0.1:${own.controller}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    ...commonProperties(options),
    'broker.session.timeout.ms': BROKER_SESSION_TIMEOUT_MS,
    'broker.heartbeat.interval.ms': '500',
    'controller.quorum.fetch.timeout.ms': '1000',
    'controller.quorum.election.timeout.ms': '500',
    'controller.quorum.election.backoff.max.ms': '500',
    ...overrides,
  });
}

/** server.properties of a broker whose cluster ZooKeeper keeps, at `127.0.0.1:<zooKeeperPort>`. */
export function zooKeeperBrokerProperties(
  options: BrokerPropertiesOptions & { readonly zooKeeperPort: number },
): string {
  return toText({
    'broker.id': String(options.nodeId),
    'zookeeper.connect': `127.0.0.1:${options.zooKeeperPort}`,
    'zookeeper.session.timeout.ms': BROKER_SESSION_TIMEOUT_MS,
    listeners: `PLAINTEXT://127.0.0.1:${ownPorts(options).broker}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT',
    ...commonProperties(options),
    ...options.overrides,
  });
}

/** zoo.cfg of a ZooKeeper of one server. */
export function zooKeeperConfiguration(options: {
  readonly port: number;
  readonly dataDirectory: string;
}): string {
  return toText({
    dataDir: options.dataDirectory,
    clientPort: String(options.port),
    clientPortAddress: '127.0.0.1',
    // A session lasts at least two ticks: ours is BROKER_SESSION_TIMEOUT_MS.
    tickTime: '1000',
    maxClientCnxns: '0',
    'admin.enableServer': 'false',
  });
}

function commonProperties(options: BrokerPropertiesOptions): Readonly<Record<string, string>> {
  const replicas = String(Math.min(3, options.nodes.length));
  const minInSync = String(Math.min(2, options.nodes.length));
  return {
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${ownPorts(options).broker}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': options.logDirectory,
    'auto.create.topics.enable': 'false',
    'default.replication.factor': replicas,
    'min.insync.replicas': minInSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '3',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': minInSync,
    'transaction.state.log.num.partitions': '3',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    'log.cleaner.dedupe.buffer.size': '2097152',
  };
}

function ownPorts({ nodeId, nodes }: BrokerPropertiesOptions): NodePorts {
  const own = nodes[nodeId - 1];
  if (own === undefined) throw new RangeError(`there is no node ${nodeId} among ${nodes.length}`);
  return own;
}

function toText(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
