import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { catalog } from '@sori/chat-events';
import type { ClusterObservation, ConsumerGroup, ObservedPartition } from '@sori/kafka';
import { LogError, type Logger } from '@sori/stream';
import { createMemoryLog, VirtualClock } from '@sori/stream/memory';
import { createHealth, createMetrics, type Metrics } from '@sori/telemetry';
import type { MonitorLimits } from './limits.ts';
import { startMonitor } from './monitor.ts';

const LOOK_EVERY_MS = 5_000;
const STALE_AFTER_MS = 20_000;

const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silent,
};

const IN_SYNC = { leader: 1, replicas: [1, 2, 3], inSync: [1, 2, 3] };

function partition(over: Partial<ObservedPartition> = {}): ObservedPartition {
  return { partition: 0, ...IN_SYNC, offsets: { earliest: 0, end: 0 }, ...over };
}

function cluster(topics: Readonly<Record<string, ObservedPartition[]>> = {}): ClusterObservation {
  return {
    brokers: [1, 2, 3].map((id) => ({ id, isUp: true })),
    topics: Object.entries(topics).map(([name, partitions]) => ({ name, id: name, partitions })),
  };
}

function group(id: string, over: Partial<ConsumerGroup> = {}): ConsumerGroup {
  return { group: id, state: 'Stable', assignor: '', members: [], lag: [], ...over };
}

/** Every series of a metric: its labels (without the service's) and its value. */
async function seriesOf(metrics: Metrics, name: string): Promise<Record<string, number>> {
  const series: Record<string, number> = {};
  for (const line of (await metrics.text()).split('\n')) {
    const [, labels, value] = new RegExp(`^${name}\\{(.*)\\} (\\S+)$`).exec(line) ?? [];
    if (labels === undefined) continue;
    series[labels.replace(/,?service="[^"]*"/, '')] = Number(value);
  }
  return series;
}

/** A monitor of a cluster that the test describes, look by look. */
async function watched(limits: Partial<MonitorLimits> = {}) {
  const clock = new VirtualClock(0);
  const log = createMemoryLog({ topics: { 'message.events': 1 }, clock });
  const metrics = createMetrics({ service: 'monitor' });
  const health = createHealth();
  const seen = {
    observation: cluster(),
    groups: [] as readonly ConsumerGroup[],
    /** What looking at topics, or at groups, fails with. */
    failure: {} as { topics?: Error | undefined; groups?: Error | undefined },
    looks: 0,
  };
  const monitor = startMonitor({
    catalog,
    observer: {
      async observe() {
        seen.looks++;
        if (seen.failure.topics !== undefined) throw seen.failure.topics;
        return seen.observation;
      },
      async observeGroups() {
        if (seen.failure.groups !== undefined) throw seen.failure.groups;
        return seen.groups;
      },
      async [Symbol.asyncDispose]() {},
    },
    reader: log.reader(),
    logger: silent,
    metrics,
    health,
    clock,
    limits: { lookEveryMs: LOOK_EVERY_MS, staleAfterMs: STALE_AFTER_MS, ...limits },
  });
  return {
    seen,
    log,
    clock,
    health,
    metrics,
    series: (name: string) => seriesOf(metrics, name),
    look: () => clock.advance(LOOK_EVERY_MS),
    [Symbol.asyncDispose]: () => monitor[Symbol.asyncDispose](),
  };
}

const away = new LogError('unavailable', 'no broker answers');

describe('what a monitor exports', () => {
  test("offsets under the seed's names and under kafka_exporter's", async () => {
    await using world = await watched();
    world.seen.observation = cluster({
      'message.events': [partition({ offsets: { earliest: 40, end: 100 } })],
    });
    await world.look();
    const labels = 'topic="message.events",partition="0"';
    for (const [name, value] of [
      ['kafka_topic_partition_current_offset', 100],
      ['kafka_topic_partition_earliest_offset', 40],
      ['kafka_topic_partition_oldest_offset', 40],
      ['kafka_topic_partition_leader', 1],
      ['kafka_topic_partition_in_sync_replica', 3],
      ['kafka_topic_partition_under_replicated_partition', 0],
    ] as const) {
      assert.deepEqual(await world.series(name), { [labels]: value }, name);
    }
  });

  test('what is wrong with replicas, and no offsets where nobody said any', async () => {
    await using world = await watched();
    world.seen.observation = {
      ...cluster({
        'message.events': [
          partition({ leader: undefined, inSync: [], offsets: undefined }),
          partition({ partition: 1, inSync: [1, 3] }),
        ],
      }),
      brokers: [
        { id: 1, isUp: true },
        { id: 2, isUp: false },
      ],
    };
    await world.look();
    const of = (index: number) => `topic="message.events",partition="${index}"`;
    assert.deepEqual(await world.series('kafka_topic_partition_leader'), {
      [of(0)]: -1,
      [of(1)]: 1,
    });
    const behind = await world.series('kafka_topic_partition_under_replicated_partition');
    assert.deepEqual(behind, { [of(0)]: 1, [of(1)]: 1 });
    assert.deepEqual(await world.series('kafka_topic_partition_current_offset'), { [of(1)]: 0 });
    assert.deepEqual(await world.series('kafka_broker_up'), { 'broker="1"': 1, 'broker="2"': 0 });
  });

  test("lag in records, and in seconds from the first undone record's timestamp on", async () => {
    await using world = await watched();
    const { clock, log, seen } = world;
    await clock.advance(1_000);
    for (let second = 0; second < 4; second++) {
      log.store({ topic: 'message.events', partition: 0 }, [
        { key: null, value: null, headers: [] },
      ]);
      await clock.advance(1_000);
    }
    seen.observation = cluster({
      'message.events': [partition({ offsets: { earliest: 0, end: 4 } })],
    });
    const place = { topic: 'message.events', partition: 0, earliest: 0, end: 4, lost: 0 };
    seen.groups = [
      group('analytics-consumer-group', { lag: [{ ...place, committed: 4, lag: 0 }] }),
      group('notification-consumer-group', { lag: [{ ...place, committed: 2, lag: 2 }] }),
      group('new-consumer-group', { lag: [{ ...place, committed: null, lag: 4 }] }),
    ];
    await world.look();
    const labels = (name: string, id: string) =>
      `${name}="${id}",topic="message.events",partition="0"`;
    const byGroup = (name: string, values: readonly number[]) => ({
      [labels(name, 'analytics-consumer-group')]: values[0],
      [labels(name, 'notification-consumer-group')]: values[1],
      [labels(name, 'new-consumer-group')]: values[2],
    });
    assert.deepEqual(await world.series('kafka_consumer_lag'), byGroup('group', [0, 2, 4]));
    assert.deepEqual(
      await world.series('kafka_consumergroup_lag'),
      byGroup('consumergroup', [0, 2, 4]),
    );
    // Now it is 10 s; offset 0 was written at 1 s, offset 2 at 3 s.
    assert.deepEqual(await world.series('kafka_consumer_lag_seconds'), byGroup('group', [0, 7, 9]));
    assert.deepEqual(await world.series('kafka_consumergroup_current_offset'), {
      [labels('consumergroup', 'analytics-consumer-group')]: 4,
      [labels('consumergroup', 'notification-consumer-group')]: 2,
    });
    // Between two looks the record grows older.
    await clock.advance(1_000);
    assert.deepEqual(
      await world.series('kafka_consumer_lag_seconds'),
      byGroup('group', [0, 8, 10]),
    );
  });

  test('members of groups; groups and topics that are gone have no series', async () => {
    await using world = await watched();
    const member = { member: 'm', clientId: 'm', memberId: 'm-1', host: '', assignment: {} };
    world.seen.groups = [group('g', { members: [member] }), group('empty')];
    world.seen.observation = cluster({ a: [partition()], b: [partition()] });
    await world.look();
    const members = await world.series('kafka_consumergroup_members');
    assert.deepEqual(members, { 'consumergroup="empty"': 0, 'consumergroup="g"': 1 });

    world.seen.groups = [];
    world.seen.observation = cluster({ b: [partition()] });
    await world.look();
    assert.deepEqual(await world.series('kafka_consumergroup_members'), {});
    assert.deepEqual(await world.series('kafka_topic_partitions'), { 'topic="b"': 1 });
  });

  test('how many dead letters there are', async () => {
    await using world = await watched();
    world.seen.observation = cluster({
      'message.events': [partition({ offsets: { earliest: 0, end: 9 } })],
      'message.events.dlq': [partition({ offsets: { earliest: 3, end: 10 } })],
    });
    await world.look();
    assert.deepEqual(await world.series('sori_dead_letter_records'), {
      'topic="message.events.dlq",source="message.events"': 7,
    });
  });

  test('what the catalog expects, for topics that take events', async () => {
    await using world = await watched();
    const expected = await world.series('sori_topic_expected_records_per_second');
    assert.equal(expected['topic="message.events"'], 1_000);
    assert.equal(Object.keys(expected).length, 6);
  });

  test('no more topics and groups than the limits say, those of the catalog first', async () => {
    await using world = await watched({ partitions: 2, groups: 1 });
    world.seen.observation = cluster({
      a: [partition()],
      b: [partition()],
      'user.events': [partition()],
    });
    world.seen.groups = [group('a'), group('analytics-consumer-group')];
    await world.look();
    const topics = Object.keys(await world.series('kafka_topic_partitions'));
    assert.deepEqual(topics, ['topic="user.events"', 'topic="a"']);
    const groups = Object.keys(await world.series('kafka_consumergroup_members'));
    assert.deepEqual(groups, ['consumergroup="analytics-consumer-group"']);
    const leftOut = await world.series('sori_monitor_left_out');
    assert.deepEqual(leftOut, { 'part="topics"': 1, 'part="groups"': 1 });
  });
});

describe('a monitor whose cluster is away', () => {
  test('says that no broker is up at once, and keeps no number past its time', async () => {
    await using world = await watched();
    world.seen.observation = cluster({ 'message.events': [partition()] });
    await world.look();
    world.seen.failure = { topics: away };
    await world.look();
    const down = { 'broker="1"': 0, 'broker="2"': 0, 'broker="3"': 0 };
    assert.deepEqual(await world.series('kafka_broker_up'), down);
    assert.equal(Object.keys(await world.series('kafka_topic_partition_current_offset')).length, 1);
    const errors = await world.series('sori_monitor_look_errors_total');
    assert.equal(errors['part="topics",reason="unavailable"'], 1);

    await world.clock.advance(STALE_AFTER_MS);
    assert.deepEqual(await world.series('kafka_topic_partition_current_offset'), {});
    assert.deepEqual(await world.series('kafka_broker_up'), down);
    assert.deepEqual(await world.health.report('ready'), {
      ok: false,
      problems: [
        { name: 'topics', problem: 'unavailable' },
        { name: 'groups', problem: 'not looked yet' },
      ],
    });
    assert.equal((await world.health.report('live')).ok, true);

    world.seen.failure = {};
    await world.look();
    assert.equal(Object.keys(await world.series('kafka_topic_partition_current_offset')).length, 1);
    assert.equal((await world.health.report('ready')).ok, true);
  });

  test('goes on with topics while groups cannot be seen', async () => {
    await using world = await watched();
    world.seen.observation = cluster({ 'message.events': [partition()] });
    world.seen.failure = { groups: away };
    await world.look();
    const age = await world.series('sori_monitor_snapshot_age_seconds');
    assert.ok((age['part="topics"'] ?? 0) < (age['part="groups"'] ?? 0));
    assert.equal(Object.keys(await world.series('kafka_topic_partitions')).length, 1);
  });

  test('is dead when it ends by a mistake of its own', async () => {
    await using world = await watched();
    world.seen.failure = { topics: new TypeError('not a function') };
    await world.look();
    assert.deepEqual(await world.health.report('live'), {
      ok: false,
      problems: [{ name: 'monitor', problem: 'ended by an error' }],
    });
  });

  test('looks on its interval, however often it is asked', async () => {
    await using world = await watched();
    await world.look();
    const before = world.seen.looks;
    for (let scrape = 0; scrape < 10; scrape++) await world.metrics.text();
    assert.equal(world.seen.looks, before);
    await world.look();
    assert.equal(world.seen.looks, before + 1);
  });
});
