import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { catalog } from '@sori/chat-events';
import { createKafka, type Kafka } from '@sori/kafka';
import { createTestTopics, silentLogger, type TestTopics, testCluster } from '@sori/kafka/testing';
import { findJava, kafkaClassPath, runCommand } from '@sori/local';
import { createHealth, createMetrics, type Metrics } from '@sori/telemetry';
import { main } from './main.ts';
import { startMonitor } from './monitor.ts';

const JARS = fileURLToPath(new URL('../../../.sori/jars', import.meta.url));
const TIMEOUT_MS = 30_000;
const TOOLS = {
  offsets: 'org.apache.kafka.tools.GetOffsetShell',
  groups: 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
} as const;

describe('what a monitor exports of a real cluster', () => {
  const cluster = testCluster();
  let topics: TestTopics;
  let kafka: Kafka;
  let java: string;
  let classPath: string;

  before(async () => {
    topics = createTestTopics(cluster);
    kafka = createKafka(cluster);
    java = await findJava(process.env);
    classPath = await kafkaClassPath(JARS, { onDownload: () => {} });
  });
  after(async () => {
    await topics[Symbol.asyncDispose]();
    await kafka[Symbol.asyncDispose]();
  });

  async function tool(name: keyof typeof TOOLS, ...args: readonly string[]): Promise<string> {
    const jvm = ['-Xmx128m', '-XX:TieredStopAtLevel=1', '-cp', classPath];
    const server = ['--bootstrap-server', cluster.brokers.join(',')];
    const { code, output } = await runCommand(java, [...jvm, TOOLS[name], ...server, ...args]);
    assert.equal(code, 0, output);
    return output;
  }

  async function append(topic: string, partition: number, records: number): Promise<void> {
    await using writer = kafka.writer();
    const lane = await writer.openPartition({ topic, partition }, { compression: 'none' });
    const record = { key: null, value: Buffer.from('x'), headers: [] };
    await lane.append(Array.from({ length: records }, () => record));
  }

  /** The values of a metric for one topic, by partition. */
  async function byPartition(metrics: Metrics, name: string, topic: string) {
    const values: Record<string, number> = {};
    for (const line of (await metrics.text()).split('\n')) {
      if (!line.startsWith(`${name}{`) || !line.includes(`topic="${topic}"`)) continue;
      const partition = /partition="(\d+)"/.exec(line)?.[1] ?? '';
      values[partition] = Number(line.split(' ').at(-1));
    }
    return values;
  }

  test("offsets and lag are those of Kafka's own tools; seconds are those since the record", async () => {
    const topic = await topics.create(3);
    const group = `group-${randomUUID()}`;
    await append(topic, 0, 7);
    await append(topic, 1, 4);
    const written = Date.now();
    const reset = ['--reset-offsets', '--to-offset', '2', '--execute', '--group', group];
    await tool('groups', ...reset, '--topic', `${topic}:0,1,2`);

    const metrics = createMetrics({ service: 'monitor' });
    const health = createHealth();
    await using _monitor = startMonitor({
      catalog,
      observer: kafka.observer(),
      reader: kafka.reader(),
      logger: silentLogger,
      metrics,
      health,
      // Other tests leave groups and topics behind.
      limits: { groups: 10_000, partitions: 100_000 },
    });
    const deadline = Date.now() + TIMEOUT_MS;
    while (!(await health.report('ready')).ok) {
      assert.ok(Date.now() < deadline, 'not ready');
      await delay(50);
    }

    const ends: Record<string, number> = {};
    for (const line of (await tool('offsets', '--topic', topic)).trim().split('\n')) {
      const [name, partition = '', offset] = line.split(':');
      if (name === topic) ends[partition] = Number(offset);
    }
    assert.deepEqual(ends, { 0: 7, 1: 4, 2: 0 });
    const current = await byPartition(metrics, 'kafka_topic_partition_current_offset', topic);
    assert.deepEqual(current, ends);

    const lag: Record<string, number> = {};
    for (const line of (await tool('groups', '--describe', '--group', group)).split('\n')) {
      const [id, name, partition = '', , , behind] = line.trim().split(/\s+/);
      if (id === group && name === topic) lag[partition] = Number(behind);
    }
    assert.deepEqual(lag, { 0: 5, 1: 2, 2: 0 });
    assert.deepEqual(await byPartition(metrics, 'kafka_consumer_lag', topic), lag);
    assert.deepEqual(await byPartition(metrics, 'kafka_consumergroup_lag', topic), lag);

    const seconds = await byPartition(metrics, 'kafka_consumer_lag_seconds', topic);
    const since = (Date.now() - written) / 1_000;
    assert.equal(seconds[2], 0);
    for (const partition of [0, 1]) {
      const behind = seconds[partition] ?? Number.NaN;
      // The records were written a moment before `written`.
      assert.ok(behind >= 0 && behind < since + 5 && behind > since - 5, `${behind} and ${since}`);
    }
    await tool('groups', '--delete', '--group', group);
  });

  test('runs as its environment says, and says what is wrong with it', async () => {
    await assert.rejects(main({ SORI_MONITOR_INTERVAL: 'often' }), (error) => {
      assert.ok(error instanceof Error && 'code' in error);
      assert.equal(error.code, 'CONFIG_INVALID');
      assert.match(error.message, /KAFKA_BROKERS/);
      assert.match(error.message, /SORI_MONITOR_INTERVAL/);
      return true;
    });
    await using service = await main({
      KAFKA_BROKERS: '127.0.0.1:1',
      SORI_MONITOR_INTERVAL: '1s',
      SORI_LOG_LEVEL: 'silent',
    });
    const ready = await fetch(`${service.url}/readyz`);
    assert.equal(ready.status, 503);
    assert.equal((await fetch(`${service.url}/healthz`)).status, 200);
    assert.match(await (await fetch(`${service.url}/metrics`)).text(), /^kafka_brokers\{.*\} 0$/m);
  });
});
