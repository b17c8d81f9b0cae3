import getPort from 'get-port';
import type { NodePorts } from './broker-properties.ts';

const LOOPBACK = '127.0.0.1';

/** A free port of this machine, `preferred` if that is free; any where none is preferred. */
export function freePort(preferred?: number): Promise<number> {
  return getPort({
    host: LOOPBACK,
    ...(preferred === undefined ? {} : { port: [preferred] }),
  });
}

/** Ports for the nodes of a cluster: the first node's broker on `preferred` if free, and so on up. */
export async function nodePorts(count: number, preferred?: number): Promise<readonly NodePorts[]> {
  const nodes: NodePorts[] = [];
  for (let index = 0; index < count; index++) {
    const broker = preferred === undefined ? undefined : preferred + 2 * index;
    nodes.push({
      broker: await freePort(broker),
      controller: await freePort(broker === undefined ? undefined : broker + 1),
    });
  }
  return nodes;
}
