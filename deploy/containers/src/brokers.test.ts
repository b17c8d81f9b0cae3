import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import {
  kraftProperties,
  zooKeeperBrokerProperties,
  zooKeeperConfiguration,
} from '../../../local/src/broker-properties.ts';
import type { Compose } from './compose.ts';
import { composeOf } from './forms.ts';
import {
  brokerSettings,
  onThisMachine,
  parseProperties,
  zooKeeperSettings,
} from './server-properties.ts';

const ROOT = join(import.meta.dirname, '../../..');
const NODE_IDS = [1, 2, 3];
const BROKER_PORT = 9092;
const CONTROLLER_PORT = 9093;
const ZOOKEEPER_PORT = 2181;
const LOG_DIRECTORY = '/data';
/** Of the three nodes on one machine. */
const nodes = NODE_IDS.map((id) => ({ broker: 40_000 + id, controller: 41_000 + id }));

function environmentOf(compose: Compose, name: string): Readonly<Record<string, string>> {
  const environment = compose.services[name]?.environment;
  assert.ok(environment, name);
  return environment;
}

/** A container's settings where its node stands beside the two others on this machine. */
function settingsHere(compose: Compose, nodeId: number): Readonly<Record<string, string>> {
  const addressOf = (host = `kafka-${nodeId}`, port: number): string => {
    if (host === 'zookeeper') return `127.0.0.1:${port}`;
    const node = nodes[Number(host.slice('kafka-'.length)) - 1];
    assert.ok(node, host);
    return `127.0.0.1:${port === BROKER_PORT ? node.broker : node.controller}`;
  };
  const settings = brokerSettings(environmentOf(compose, `kafka-${nodeId}`));
  return onThisMachine(settings, { addressOf, logDirectory: LOG_DIRECTORY });
}

describe('kraft: brokers', () => {
  let compose: Compose;
  before(async () => {
    compose = await composeOf('kraft');
  });

  for (const nodeId of NODE_IDS) {
    test(`kafka-${nodeId} is set as the node that sori up starts`, () => {
      const local = kraftProperties({ nodeId, nodes, logDirectory: LOG_DIRECTORY });
      assert.deepEqual(settingsHere(compose, nodeId), parseProperties(local));
    });
  }

  test('nodes are found at the ports that services are told', () => {
    const settings = brokerSettings(environmentOf(compose, 'kafka-2'));
    assert.equal(settings['advertised.listeners'], `PLAINTEXT://kafka-2:${BROKER_PORT}`);
    assert.match(settings.listeners ?? '', new RegExp(`CONTROLLER://:${CONTROLLER_PORT}$`));
    assert.equal(
      environmentOf(compose, 'gateway').KAFKA_BROKERS,
      NODE_IDS.map((id) => `kafka-${id}:${BROKER_PORT}`).join(','),
    );
  });

  test('the image is the Kafka of the jars', async () => {
    const pom = await readFile(join(ROOT, 'local/kafka/kraft/pom.xml'), 'utf8');
    const version = /<artifactId>kafka_2\.13<\/artifactId>\s*<version>([\d.]+)</.exec(pom)?.[1];
    assert.equal(compose.services['kafka-1']?.image, `apache/kafka:${version}`);
  });

  test('the cluster id is one of Kafka: 16 bytes', () => {
    for (const id of NODE_IDS) {
      const clusterId = environmentOf(compose, `kafka-${id}`).CLUSTER_ID ?? '';
      assert.equal(Buffer.from(clusterId, 'base64url').length, 16);
      assert.equal(clusterId, environmentOf(compose, 'kafka-1').CLUSTER_ID);
    }
  });
});

describe('zookeeper: brokers', () => {
  let compose: Compose;
  before(async () => {
    compose = await composeOf('zookeeper');
  });

  for (const nodeId of NODE_IDS) {
    test(`kafka-${nodeId} is set as the broker that sori up --zookeeper starts`, () => {
      const given = { nodeId, nodes, logDirectory: LOG_DIRECTORY, zooKeeperPort: ZOOKEEPER_PORT };
      const local = zooKeeperBrokerProperties(given);
      assert.deepEqual(settingsHere(compose, nodeId), parseProperties(local));
    });
  }

  test('ZooKeeper is set as the one that sori up --zookeeper starts', () => {
    const given = { port: ZOOKEEPER_PORT, dataDirectory: LOG_DIRECTORY };
    const local = parseProperties(zooKeeperConfiguration(given));
    // A container listens for others, and the image has folders of its own.
    const { clientPortAddress: _address, dataDir: _folder, ...expected } = local;
    assert.deepEqual(zooKeeperSettings(environmentOf(compose, 'zookeeper')), expected);
  });

  test('images are of the line of Kafka that the jars are', async () => {
    const pom = await readFile(join(ROOT, 'local/kafka/zookeeper/pom.xml'), 'utf8');
    assert.match(pom, /<artifactId>kafka_2\.13<\/artifactId>\s*<version>3\.6\.\d+</);
    for (const name of ['zookeeper', 'kafka-1', 'kafka-2', 'kafka-3', 'kafka-setup']) {
      // Confluent 7.6 is Kafka 3.6.
      assert.match(compose.services[name]?.image ?? '', /^confluentinc\/cp-\w+:7\.6\.0$/);
    }
  });
});

test('what the images would read differently is refused', () => {
  assert.throws(() => brokerSettings({ KAFKA_A__B: '1' }), /images differ/);
  assert.throws(() => zooKeeperSettings({ ZOOKEEPER_TICKTIME: '1' }), /not known/);
});
