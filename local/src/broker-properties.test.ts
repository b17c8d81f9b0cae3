import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  kraftProperties,
  zooKeeperBrokerProperties,
  zooKeeperConfiguration,
} from './broker-properties.ts';

const nodes = [
  { broker: 9092, controller: 9093 },
  { broker: 9094, controller: 9095 },
  { broker: 9096, controller: 9097 },
];

test('a node listens on its own ports and knows every voter', () => {
  const lines = kraftProperties({ nodeId: 2, nodes, logDirectory: '/data/2' }).split('\n');
  assert.ok(lines.includes('node.id=2'));
  assert.ok(lines.includes('listeners=PLAINTEXT://127.0.0.1:9094,CONTROLLER://127.0.0.1:9095'));
  assert.ok(
    lines.includes('controller.quorum.voters=1@127.0.0.1:9093,2@127.0.0.1:9095,3@127.0.0.1:9097'),
  );
  assert.ok(lines.includes('log.dirs=/data/2'));
  assert.ok(lines.includes('auto.create.topics.enable=false'));
});

test('an override takes the place of our own setting', () => {
  const overrides = { 'broker.session.timeout.ms': '9000' };
  const text = kraftProperties({ nodeId: 1, nodes, logDirectory: '/data/1', overrides });
  assert.equal(text.match(/broker\.session\.timeout\.ms=/g)?.length, 1);
  assert.match(text, /^broker\.session\.timeout\.ms=9000$/m);
});

test('a node that is not of the cluster is refused', () => {
  assert.throws(() => kraftProperties({ nodeId: 4, nodes, logDirectory: '/data' }), RangeError);
});

test('a broker of a ZooKeeper cluster knows ZooKeeper and no voters', () => {
  const given = { nodeId: 3, nodes, logDirectory: '/data/3', zooKeeperPort: 2181 };
  const lines = zooKeeperBrokerProperties(given).split('\n');
  assert.ok(lines.includes('broker.id=3'));
  assert.ok(lines.includes('zookeeper.connect=127.0.0.1:2181'));
  assert.ok(lines.includes('listeners=PLAINTEXT://127.0.0.1:9096'));
  assert.ok(lines.every((line) => !line.startsWith('controller.') && !line.startsWith('process.')));
});

test('a ZooKeeper session may be as short as the brokers ask for', () => {
  const lines = zooKeeperConfiguration({ port: 2181, dataDirectory: '/data' }).split('\n');
  const tick = Number(lines.find((line) => line.startsWith('tickTime='))?.split('=')[1]);
  assert.ok(2 * tick <= 3_000);
});
