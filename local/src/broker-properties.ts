/** Where one node listens, on 127.0.0.1. */
export interface NodePorts {
  readonly broker: number;
  readonly controller: number;
}

/**
 * server.properties of one node of a KRaft cluster whose nodes are broker and controller both.
 * `nodes` are all of them; ids count from 1. Any further setting of a broker goes in `overrides`.
 */
export function brokerProperties(options: {
  readonly nodeId: number;
  readonly nodes: readonly NodePorts[];
  readonly logDirectory: string;
  readonly overrides?: Readonly<Record<string, string>>;
}): string {
  const { nodeId, nodes, logDirectory } = options;
  const own = nodes[nodeId - 1];
  if (own === undefined) throw new RangeError(`there is no node ${nodeId} among ${nodes.length}`);
  const replicas = String(Math.min(3, nodes.length));
  const minInSync = String(Math.min(2, nodes.length));
  const properties: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': String(nodeId),
    'controller.quorum.voters': nodes
      .map((node, index) => `${index + 1}@127.0.0.1:${node.controller}`)
      .join(','),
    listeners: `PLAINTEXT://127.0.0.1:${own.broker},CONTROLLER://127.0.0.1:${own.controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${own.broker}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': logDirectory,
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
    // A broker that died is noticed after this; the default (9 s) is how long publishing would stall.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    'controller.quorum.fetch.timeout.ms': '1000',
    'controller.quorum.election.timeout.ms': '500',
    'controller.quorum.election.backoff.max.ms': '500',
    ...options.overrides,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
