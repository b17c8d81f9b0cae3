import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { messageEvents, notificationGroup } from '@sori/chat-events';
import { createKafka } from '@sori/kafka';
import { silentLogger } from '@sori/kafka/testing';
import { prometheusPrograms, startPrometheusServer } from '@sori/local';
import { alertGroups, panelQueries, prometheusFiles, type Timing } from '@sori/monitoring';
import { kafkaTool } from '../system/kafka-tools.ts';
import { ROOT } from '../system/sori-command.ts';
import { createTestDirectory } from '../system/test-directory.ts';
import { startTestSystem, type TestSystem } from '../system/test-system.ts';
import {
  createPrometheusClient,
  eventually,
  type PrometheusClient,
  type Sample,
} from './prometheus-client.ts';
import { type SteadyLoad, startSteadyLoad } from './steady-load.ts';

/** The rules as they are, in a twentieth of their time: minutes become seconds. */
const FAST: Timing = { scrapeSeconds: 1, evaluateSeconds: 1, speedUp: 20 };

/** A room's notifications go out one after another: two a second leave a slow machine time for each. */
const ROOMS = 24;
const MESSAGES_PER_SECOND = 48;
/** The window of the gauges that are rates. */
const RATE_WINDOW_MS = 30_000;
const TOLERANCE = 0.05;

const DATA_TIMEOUT_MS = 40_000;
/** Ten seconds of a session, or of a restart, on top of the alert's own. */
const ALERT_TIMEOUT_MS = 60_000;
const BEHIND = 40;
const KEEPING_UP_SECONDS = 2;
/** On top of that, a look of the monitor and a scrape are each up to a second old. */
const AGE_SLACK_SECONDS = 5;

const NOTIFIERS = ['notifier-1', 'notifier-2', 'notifier-3'];
const MESSAGES = `topic="${messageEvents.name}"`;

describe('the system as a real Prometheus sees it', () => {
  const opened = new AsyncDisposableStack();
  let system: TestSystem;
  let prometheus: PrometheusClient;
  let load: SteadyLoad;

  before(async () => {
    const directory = opened.use(await createTestDirectory());
    system = opened.use(
      await startTestSystem({
        up: ['--monitoring'],
        environment: { SORI_MONITOR_INTERVAL: '1s' },
      }),
    );
    const configuration = join(directory.path, 'configuration');
    for (const [path, text] of Object.entries(prometheusFiles(FAST))) {
      const file = join(configuration, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    const server = opened.use(
      await startPrometheusServer({
        directory: directory.path,
        programs: await prometheusPrograms(join(ROOT, '.sori', 'tools'), { onDownload: () => {} }),
        configuration,
        targets: await system.scrapeTargets(),
      }),
    );
    prometheus = createPrometheusClient(server.url);
    load = opened.use(
      await startSteadyLoad({ ...system, rooms: ROOMS, perSecond: MESSAGES_PER_SECOND }),
    );
  });

  after(() => opened.disposeAsync());

  async function numberOf(expr: string): Promise<number> {
    const samples = await prometheus.query(expr);
    assert.equal(samples.length, 1, `${expr}: ${JSON.stringify(samples)}`);
    return samples[0]?.value ?? Number.NaN;
  }

  /** The values of an expression by partition of message.events. */
  async function byPartition(expr: string): Promise<Record<string, number>> {
    const samples = await prometheus.query(expr);
    return Object.fromEntries(samples.map(({ labels, value }) => [labels.partition ?? '', value]));
  }

  async function firing(): Promise<readonly string[]> {
    const alerts = await prometheus.alerts();
    return alerts.filter(({ state }) => state === 'firing').map(({ name }) => name);
  }

  async function untilFiring(...names: readonly string[]): Promise<void> {
    const all = (now: readonly string[]): boolean => names.every((name) => now.includes(name));
    await eventually(`${names.join(', ')} should fire`, ALERT_TIMEOUT_MS, firing, all);
  }

  async function untilClear(...names: readonly string[]): Promise<void> {
    const none = (now: readonly string[]): boolean => !names.some((name) => now.includes(name));
    await eventually(`${names.join(', ')} should be over`, ALERT_TIMEOUT_MS, firing, none);
  }

  test('`--monitoring` runs a Prometheus that sees every process and evaluates every rule', async () => {
    assert.ok(system.prometheusUrl !== undefined);
    const own = createPrometheusClient(system.prometheusUrl);
    const names = ['gateway', 'relay', 'edge', 'monitor', ...NOTIFIERS];
    const isWell = (found: Readonly<Record<string, string>>) =>
      names.every((name) => name in found) &&
      Object.values(found).every((health) => health === 'up');
    await eventually('targets', DATA_TIMEOUT_MS, () => own.targets(), isWell);
    const hasNone = (errors: Readonly<Record<string, string>>) =>
      Object.values(errors).every((error) => error === '');
    const rules = await eventually('rules', DATA_TIMEOUT_MS, () => own.ruleErrors(), hasNone);
    for (const { name } of Object.values(alertGroups(FAST)).flat()) assert.ok(name in rules, name);
  });

  /** Waits until an expression gives a number: NaN is what a quantile of nothing is. */
  async function untilData(what: string, expr: string): Promise<void> {
    const hasNumber = (samples: readonly Sample[]) =>
      samples.some(({ value }) => !Number.isNaN(value));
    await eventually(`${what}: ${expr}`, DATA_TIMEOUT_MS, () => prometheus.query(expr), hasNumber);
  }

  test('every query of every panel has data', async () => {
    for (const { panel, expr } of panelQueries()) {
      const concrete = expr
        .replaceAll('$__rate_interval', '20s')
        .replaceAll(/\$(group|topic)\b/g, '.+');
      await untilData(panel, concrete);
    }
  });

  test('everything that an alert compares has data', async () => {
    for (const { name, measures } of Object.values(alertGroups(FAST)).flat()) {
      for (const measure of measures) await untilData(name, measure);
    }
  });

  test('rates are those of what was sent, and latency is no more than the sender saw', async () => {
    // The gauges look back over a window that has to be full of steady load.
    const from = performance.now();
    await delay(RATE_WINDOW_MS);
    const sent = load.rateBetween(from, performance.now());
    const member = `group="${notificationGroup.id}"`;
    for (const expr of [
      `sum(kafka_producer_record_send_rate{client="gateway",${MESSAGES}})`,
      `sum(kafka_consumer_records_consumed_rate{${member},${MESSAGES}})`,
      `sum(rate(kafka_topic_partition_current_offset{${MESSAGES}}[30s]))`,
    ]) {
      const rate = await numberOf(expr);
      assert.ok(
        Math.abs(rate - sent) <= TOLERANCE * sent,
        `${expr} is ${rate}; ${sent} a second were sent`,
      );
    }
    const recent = load.latencies.slice(-Math.round(sent * (RATE_WINDOW_MS / 1_000)));
    const seen = recent.reduce((sum, latency) => sum + latency, 0) / recent.length;
    const latency = await numberOf(
      `kafka_producer_request_latency_avg{client="gateway",${MESSAGES}}`,
    );
    assert.ok(latency > 0 && latency <= seen, `${latency} ms; the sender saw ${seen} ms`);
  });

  test('a system that is well raises no alert', async () => {
    const known = new Set(
      (await prometheus.query('kafka_consumergroup_members')).map(
        ({ labels }) => labels.consumergroup,
      ),
    );
    const alerts = (await prometheus.alerts()).filter(
      // Of a group whose service is not part of this system, it is right.
      ({ labels, state }) =>
        state === 'firing' &&
        (labels.consumergroup === undefined || known.has(labels.consumergroup)),
    );
    assert.deepEqual(alerts, []);
  });

  test('new dead letters raise their alert', async () => {
    await using kafka = createKafka({
      brokers: system.kafka.brokers,
      clientId: 'test-poison',
      logger: silentLogger,
    });
    const target = { topic: messageEvents.name, partition: 0 };
    const lane = await kafka.writer().openPartition(target, { compression: 'none' });
    const poison = { key: Buffer.from('r'), value: Buffer.from('{'), headers: [] };
    await lane.append([poison, poison, poison]);
    await untilFiring('DeadLettersGrowing');
    const depth = () => numberOf(`sori_dead_letter_records{source="${messageEvents.name}"}`);
    await eventually('dead letters', DATA_TIMEOUT_MS, depth, (records) => records === 3);
  });

  test('offsets and lag are those of the brokers; notifiers that stand still raise alerts', async () => {
    const lagSeconds = `max(kafka_consumer_lag_seconds{group="${notificationGroup.id}",service="monitor"})`;
    const behindNow = () => numberOf(lagSeconds);
    await eventually('keeping up', DATA_TIMEOUT_MS, behindNow, (age) => age < KEEPING_UP_SECONDS);
    const pids = await Promise.all(NOTIFIERS.map((name) => system.pidOf(name)));
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    const stoppedAt = Date.now();
    try {
      const before = load.acknowledged;
      const behind = async () => load.acknowledged - before;
      await eventually('messages to do', DATA_TIMEOUT_MS, behind, (count) => count >= BEHIND);
      await load[Symbol.asyncDispose]();

      const lag = await toldLag();
      assert.ok(sumOf(lag) >= BEHIND, JSON.stringify(lag));
      const member = `group="${notificationGroup.id}",service="monitor"`;
      await untilEqual(`kafka_consumer_lag{${member},${MESSAGES}}`, lag);
      // Almost everything up to the stop was done, so the oldest record is about as old as that.
      const age = await numberOf(`max(kafka_consumer_lag_seconds{${member},${MESSAGES}})`);
      const stopped = (Date.now() - stoppedAt) / 1_000;
      assert.ok(Math.abs(age - stopped) < AGE_SLACK_SECONDS, `${age} s, stopped for ${stopped} s`);
      const current = `kafka_topic_partition_current_offset{${MESSAGES}}`;
      await untilEqual(current, await toldOffsets('latest'));
      const earliest = `kafka_topic_partition_earliest_offset{${MESSAGES}}`;
      await untilEqual(earliest, await toldOffsets('earliest'));
      await untilFiring('ServiceDown', 'ConsumerGroupWithoutMembers', 'ConsumerLagOverTarget');
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
    await untilClear('ServiceDown', 'ConsumerLagOverTarget');
    const members = `kafka_consumergroup_members{consumergroup="${notificationGroup.id}"}`;
    const ask = () => prometheus.query(members);
    await eventually(members, ALERT_TIMEOUT_MS, ask, ([found]) => found?.value === 3);
    const groups = async () =>
      (await prometheus.alerts())
        .filter(({ name }) => name === 'ConsumerGroupWithoutMembers')
        .map(({ labels }) => labels.consumergroup);
    const isOver = (found: readonly (string | undefined)[]) =>
      !found.includes(notificationGroup.id);
    await eventually('the group has members', ALERT_TIMEOUT_MS, groups, isOver);
  });

  test('a broker that is killed raises its alerts, and they end when it is back', async () => {
    const [, , node] = system.kafka.nodes;
    assert.ok(node);
    await node.kill();
    await untilFiring('BrokerDown', 'PartitionsUnderReplicated');
    assert.equal(await numberOf(`kafka_broker_up{broker="${node.id}"}`), 0);
    assert.equal(await numberOf('kafka_brokers'), 2);
    await node.start();
    await untilClear('BrokerDown', 'PartitionsUnderReplicated');
  });

  test('the alert on dead letters ends when there are no new ones', () =>
    untilClear('DeadLettersGrowing'));

  async function untilEqual(expr: string, told: Readonly<Record<string, number>>): Promise<void> {
    const wanted = JSON.stringify(inOrder(told));
    const isEqual = (found: Readonly<Record<string, number>>) =>
      JSON.stringify(inOrder(found)) === wanted;
    await eventually(`${expr} as ${wanted}`, DATA_TIMEOUT_MS, () => byPartition(expr), isEqual);
  }

  /** What Kafka's own tool says of the partitions of message.events. */
  async function toldOffsets(at: 'earliest' | 'latest'): Promise<Readonly<Record<string, number>>> {
    const args = ['--topic', messageEvents.name, '--time', at];
    const said = await kafkaTool(system.kafka, 'offsets', ...args);
    const rows = said
      .trim()
      .split('\n')
      .map((line) => line.split(':'));
    return Object.fromEntries(rows.map(([, partition, offset]) => [partition, Number(offset)]));
  }

  async function toldLag(): Promise<Readonly<Record<string, number>>> {
    const said = await kafkaTool(
      system.kafka,
      'groups',
      '--describe',
      '--group',
      notificationGroup.id,
    );
    const rows = said
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
    // GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG …
    const own = rows.filter(([, topic]) => topic === messageEvents.name);
    return Object.fromEntries(own.map(([, , partition, , , lag]) => [partition, Number(lag)]));
  }
});

function inOrder(
  byPartition: Readonly<Record<string, number>>,
): readonly (readonly [string, number])[] {
  return Object.entries(byPartition).toSorted(([a], [b]) => Number(a) - Number(b));
}

function sumOf(byPartition: Readonly<Record<string, number>>): number {
  return Object.values(byPartition).reduce((sum, value) => sum + value, 0);
}
