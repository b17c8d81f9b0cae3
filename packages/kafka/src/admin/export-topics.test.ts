import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { catalog } from '@sori/chat-events';
import { defineTopic, HOUR_MS } from '@sori/contract';
import { parseAllDocuments } from 'yaml';
import { exportKafkaTopics } from './export-kafka-topics.ts';
import { exportStrimzi } from './export-strimzi.ts';
import { topicSettings } from './topic-settings.ts';

const topics = [
  defineTopic({
    name: 'user.online_status',
    naming: 'state',
    description: '',
    partitions: 6,
    replicationFactor: 3,
    key: 'user_id',
    retention: { class: 'transient', ms: HOUR_MS, bytes: 1_000_000 },
    segment: { ms: 60_000 },
    expectedLoad: { eventsPerSecond: 1, bytesPerSecond: 1 },
  }),
  defineTopic({
    name: 'user.events',
    description: '',
    partitions: 3,
    replicationFactor: 3,
    key: 'user_id',
    retention: { class: 'short', ms: 24 * HOUR_MS },
    compression: 'lz4',
    expectedLoad: { eventsPerSecond: 1, bytesPerSecond: 1 },
  }),
];

/** A tool that prints each of its arguments, and a line for each of its calls. */
const PRINTER = 'kafka-topics() { printf "%s\\t" "$@"; printf "\\n"; }; export -f kafka-topics';

/** What the script calls the tool with, word by word, as bash reads it. */
function callsOf(script: string): readonly (readonly string[])[] {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `${PRINTER}; bash`], {
    input: script,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, BOOTSTRAP_SERVER: 'one:9092' },
  });
  assert.equal(status, 0, stderr);
  const calls = stdout.split('\n').slice(0, -1);
  return calls.map((call) => call.split('\t').slice(0, -1));
}

test('the script creates each topic with every setting that the catalog decides', () => {
  const expected = topics.map((topic) => [
    ...['--create', '--if-not-exists', '--bootstrap-server', 'one:9092', '--topic', topic.name],
    ...['--partitions', String(topic.partitions)],
    ...['--replication-factor', String(topic.replicationFactor)],
    ...[...topicSettings(topic)].flatMap(([name, value]) => ['--config', `${name}=${value}`]),
  ]);
  assert.deepEqual(callsOf(exportKafkaTopics({ topics })), expected);
});

test('bash reads a name as it stands, whatever is in it', () => {
  const [topic] = topics;
  assert.ok(topic);
  const odd = { ...topic, name: "it's; $HOME" };
  assert.equal(callsOf(exportKafkaTopics({ topics: [odd] }))[0]?.[5], odd.name);
});

test('Strimzi gets a resource for each topic, named as Kubernetes allows', () => {
  const exported = exportStrimzi({ topics: topics.slice(0, 1) }, { cluster: 'sori' });
  assert.equal(
    exported,
    `# Made from the catalog: sori topics export --format strimzi. Do not edit.
apiVersion: kafka.strimzi.io/v1
kind: KafkaTopic
metadata:
  name: "user.online-status"
  labels:
    strimzi.io/cluster: "sori"
spec:
  topicName: "user.online_status"
  partitions: 6
  replicas: 3
  config:
    cleanup.policy: "delete"
    compression.type: "producer"
    max.message.bytes: "1048588"
    min.insync.replicas: "2"
    retention.bytes: "1000000"
    retention.ms: "3600000"
    segment.ms: "60000"
`,
  );
  assert.equal(exportStrimzi({ topics }, { cluster: 'sori' }).split('\n---\n').length, 2);
});

test('the whole catalog is YAML, with names that Kubernetes takes', () => {
  const resources = parseAllDocuments(exportStrimzi(catalog, { cluster: "it's: #1" })).map(
    (document) => {
      assert.deepEqual(document.errors, []);
      return document.toJS();
    },
  );
  assert.deepEqual(
    resources.map(({ spec }) => [spec.topicName, spec.partitions, spec.replicas, spec.config]),
    catalog.topics.map((topic) => [
      ...[topic.name, topic.partitions, topic.replicationFactor],
      Object.fromEntries(topicSettings(topic)),
    ]),
  );
  const names = resources.map(({ metadata }) => metadata.name);
  assert.equal(new Set(names).size, catalog.topics.length);
  // DNS subdomains of RFC 1123, as Kubernetes asks.
  for (const name of names) assert.match(name, /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/);
  for (const { metadata } of resources) {
    assert.equal(metadata.labels['strimzi.io/cluster'], "it's: #1");
  }
});

test('the script for the whole catalog creates every topic of it', () => {
  const created = callsOf(exportKafkaTopics(catalog)).map((call) => call[5]);
  assert.deepEqual(
    created,
    catalog.topics.map(({ name }) => name),
  );
});
