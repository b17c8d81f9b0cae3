import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brokerSettings, type Compose, onThisMachine, parseProperties } from '@sori/containers';

/** Where the nodes of a cluster listen on this machine. */
export interface ClusterPlaces {
  readonly ports: readonly { readonly broker: number; readonly controller: number }[];
  readonly zooKeeperPort: number | undefined;
}

const BROKER_PORT = 9092;

/** The settings of a broker's container, where the broker runs on this machine instead. */
export function containerSettings(
  compose: Compose,
  nodeId: number,
  { ports, zooKeeperPort }: ClusterPlaces,
  logDirectory: string,
): Readonly<Record<string, string>> {
  const { environment } = compose.services[`kafka-${nodeId}`] ?? {};
  assert.ok(environment, `there is no kafka-${nodeId}`);
  const addressOf = (host = `kafka-${nodeId}`, port: number): string => {
    if (host === 'zookeeper') return `127.0.0.1:${zooKeeperPort}`;
    const node = ports[Number(host.slice('kafka-'.length)) - 1];
    assert.ok(node, host);
    return `127.0.0.1:${port === BROKER_PORT ? node.broker : node.controller}`;
  };
  return onThisMachine(brokerSettings(environment), { addressOf, logDirectory });
}

/** The settings that a node of a cluster was started with. */
export async function startedWith(
  directory: string,
  nodeId: number,
): Promise<Readonly<Record<string, string>>> {
  return parseProperties(await readFile(join(directory, `kafka-${nodeId}.properties`), 'utf8'));
}
