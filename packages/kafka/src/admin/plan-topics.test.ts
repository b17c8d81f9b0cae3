import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Catalog,
  DAY_MS,
  defineCatalog,
  defineTopic,
  HOUR_MS,
  type TopicDefinition,
  type TopicOptions,
} from '@sori/contract';
import fc from 'fast-check';
import type { TopicChange } from './change.ts';
import type { ClusterState, SettingState, TopicState } from './cluster-state.ts';
import { planTopics } from './plan-topics.ts';
import { topicSettings } from './topic-settings.ts';

function topicOf(options: Partial<TopicOptions> = {}): TopicDefinition {
  return defineTopic({
    name: 'room.events',
    description: 'Rooms',
    partitions: 3,
    replicationFactor: 3,
    key: 'room_id',
    retention: { class: 'short', ms: 7 * DAY_MS },
    expectedLoad: { eventsPerSecond: 1, bytesPerSecond: 100 },
    ...options,
  });
}

function catalogOf(...topics: readonly TopicDefinition[]): Catalog {
  return defineCatalog({ topics, events: [], groups: [] });
}

/** A topic that is exactly as defined, but for what is given. */
function stateOf(
  topic: TopicDefinition,
  over: Partial<Omit<TopicState, 'settings'>> & {
    readonly settings?: Readonly<Record<string, Partial<SettingState>>>;
  } = {},
): TopicState {
  const partitions = over.partitions ?? topic.partitions;
  const settings = new Map<string, SettingState>(
    [...topicSettings(topic)].map(([name, value]) => [
      name,
      { value, overridden: true, inherited: null },
    ]),
  );
  for (const [name, setting] of Object.entries(over.settings ?? {})) {
    const before = settings.get(name) ?? { value: null, overridden: true, inherited: null };
    settings.set(name, { ...before, ...setting });
  }
  const replicas = over.replicas ?? Array<number>(partitions).fill(topic.replicationFactor);
  return { partitions, replicas, settings };
}

function clusterOf(
  catalog: Catalog,
  changed: Readonly<Record<string, TopicState | undefined>> = {},
  over: Partial<ClusterState> = {},
): ClusterState {
  const states = catalog.topics.flatMap((topic): [string, TopicState][] => {
    const state = topic.name in changed ? changed[topic.name] : stateOf(topic);
    return state === undefined ? [] : [[topic.name, state]];
  });
  return {
    clusterId: 'cluster',
    brokerCount: 3,
    topics: new Map(states),
    otherTopics: [],
    ...over,
  };
}

/** The changes of `room.events` when the cluster holds it as `state`. */
function changesOf(topic: TopicDefinition, state: TopicState | undefined): readonly TopicChange[] {
  const catalog = catalogOf(topic);
  return planTopics(catalog, clusterOf(catalog, { [topic.name]: state })).changes;
}

describe('planTopics', () => {
  test('finds nothing to do on a cluster that is as the catalog says', () => {
    const catalog = catalogOf(topicOf());
    assert.deepEqual(planTopics(catalog, clusterOf(catalog)), {
      clusterId: 'cluster',
      changes: [],
      unknownTopics: [],
    });
  });

  test('creates what is missing, dead-letter topics too, with every setting spelled out', () => {
    const catalog = catalogOf(
      topicOf({
        compression: 'snappy',
        retention: { class: 'short', ms: 7 * DAY_MS, bytes: 10_000 },
        segment: { bytes: 1_000, ms: HOUR_MS },
      }),
    );
    const plan = planTopics(catalog, { ...clusterOf(catalog), topics: new Map() });
    assert.deepEqual(
      plan.changes.map(({ kind, topic }) => [kind, topic]),
      [
        ['create', 'room.events'],
        ['create', 'room.events.dlq'],
      ],
    );
    assert.deepEqual(plan.changes[0], {
      kind: 'create',
      topic: 'room.events',
      class: 'safe',
      reason: '',
      partitions: 3,
      replicationFactor: 3,
      settings: {
        'cleanup.policy': 'delete',
        'compression.type': 'snappy',
        'max.message.bytes': '1048588',
        'min.insync.replicas': '2',
        'retention.bytes': '10000',
        'retention.ms': '604800000',
        'segment.bytes': '1000',
        'segment.ms': '3600000',
      },
    });
  });

  test('a topic with more replicas than there are brokers cannot be created', () => {
    const catalog = catalogOf(topicOf());
    const state = { ...clusterOf(catalog), topics: new Map(), brokerCount: 2 };
    const [change] = planTopics(catalog, state).changes;
    assert.equal(change?.class, 'impossible');
    assert.equal(change?.reason, '3 replicas need as many brokers; 2 are up');
  });

  test('growing a topic with keys breaks ordering, and says for how many keys', () => {
    assert.deepEqual(changesOf(topicOf({ partitions: 12 }), stateOf(topicOf({ partitions: 10 }))), [
      {
        kind: 'partitions',
        topic: 'room.events',
        from: 10,
        to: 12,
        class: 'breaks-ordering',
        movedKeys: 10 / 12,
        reason: 'records of a moved key are read from two partitions, in no order',
      },
    ]);
  });

  test('growing a topic without keys is safe', () => {
    const [change] = changesOf(
      topicOf({ key: 'none', partitions: 6 }),
      stateOf(topicOf({ key: 'none' })),
    );
    assert.deepEqual([change?.kind, change?.class], ['partitions', 'safe']);
  });

  test('fewer partitions are impossible', () => {
    const [change] = changesOf(topicOf({ partitions: 2 }), stateOf(topicOf()));
    assert.deepEqual([change?.kind, change?.class], ['partitions', 'impossible']);
  });

  test('another number of replicas is a reassignment, also where one partition has it', () => {
    assert.deepEqual(changesOf(topicOf(), stateOf(topicOf(), { replicas: [3, 3, 2] })), [
      {
        kind: 'replication-factor',
        topic: 'room.events',
        from: { fewest: 2, most: 3 },
        to: 3,
        class: 'impossible',
        reason: 'this is a reassignment: use kafka-reassign-partitions',
      },
    ]);
  });

  test('a setting that was changed by hand is set back', () => {
    const state = stateOf(topicOf(), { settings: { 'retention.ms': { value: '3600000' } } });
    assert.deepEqual(changesOf(topicOf(), state), [
      {
        kind: 'setting',
        topic: 'room.events',
        setting: 'retention.ms',
        from: '3600000',
        to: '604800000',
        class: 'safe',
        reason: '',
      },
    ]);
  });

  test('an inherited value that equals the catalog is no difference, and another one is', () => {
    const inherited = (value: string): TopicState =>
      stateOf(topicOf(), {
        settings: { 'min.insync.replicas': { value, overridden: false, inherited: value } },
      });
    assert.deepEqual(changesOf(topicOf(), inherited('2')), []);
    const [change] = changesOf(topicOf(), inherited('1'));
    assert.deepEqual(change && 'to' in change && [change.to, change.class], ['2', 'safe']);
  });

  test('a setting that only the topic has is taken away; inherited ones are not', () => {
    const state = stateOf(topicOf(), {
      settings: {
        'flush.messages': { value: '1', inherited: '9223372036854775807' },
        preallocate: { value: 'false', overridden: false, inherited: 'false' },
      },
    });
    const [change, ...others] = changesOf(topicOf(), state);
    assert.deepEqual(others, []);
    assert.deepEqual(change && 'setting' in change && [change.setting, change.from, change.to], [
      'flush.messages',
      '1',
      null,
    ]);
  });

  test('what a running reassignment sets is left alone', () => {
    const state = stateOf(topicOf(), {
      settings: { 'leader.replication.throttled.replicas': { value: '0:1' } },
    });
    assert.deepEqual(changesOf(topicOf(), state), []);
  });

  test('topics that the catalog does not hold are named and not touched', () => {
    const catalog = catalogOf(topicOf());
    const plan = planTopics(catalog, clusterOf(catalog, {}, { otherTopics: ['a', 'z'] }));
    assert.deepEqual([plan.changes, plan.unknownTopics], [[], ['a', 'z']]);
  });

  test('whatever the cluster has, making the changes that can be made leaves none but the rest', () => {
    const setting = fc.record({
      name: fc.constantFrom('retention.ms', 'retention.bytes', 'compression.type', 'segment.ms'),
      value: fc.constantFrom('-1', '1', '604800000', 'snappy'),
      overridden: fc.boolean(),
    });
    const topic = topicOf({ partitions: 4 });
    fc.assert(
      fc.property(
        fc.option(fc.integer({ min: 1, max: 8 })),
        fc.integer({ min: 1, max: 3 }),
        fc.array(setting),
        (partitions, replicas, settings) => {
          const before =
            partitions === null
              ? undefined
              : stateOf(topic, {
                  partitions,
                  replicas: Array<number>(partitions).fill(replicas),
                  settings: Object.fromEntries(
                    settings.map(({ name, ...state }) => [name, { ...state, inherited: '7' }]),
                  ),
                });
          const changes = changesOf(topic, before);
          const after = changes.reduce(applied, before);
          const impossible = changes.filter((change) => change.class === 'impossible');
          assert.deepEqual(changesOf(topic, after), impossible);
        },
      ),
    );
  });
});

/** What Kafka would do with a change. */
function applied(state: TopicState | undefined, change: TopicChange): TopicState | undefined {
  if (change.class === 'impossible') return state;
  if (change.kind === 'create') {
    return {
      partitions: change.partitions,
      replicas: Array<number>(change.partitions).fill(change.replicationFactor),
      settings: new Map(
        Object.entries(change.settings).map(([name, value]) => [
          name,
          { value, overridden: true, inherited: null },
        ]),
      ),
    };
  }
  assert.ok(state !== undefined);
  if (change.kind === 'partitions') {
    const added = Array<number>(change.to - change.from).fill(state.replicas[0] ?? 3);
    return { ...state, partitions: change.to, replicas: [...state.replicas, ...added] };
  }
  if (change.kind !== 'setting') return state;
  const settings = new Map(state.settings);
  const inherited = settings.get(change.setting)?.inherited ?? null;
  const value = change.to ?? inherited;
  settings.set(change.setting, { value, overridden: change.to !== null, inherited });
  return { ...state, settings };
}
