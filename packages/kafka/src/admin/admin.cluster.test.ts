import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  Admin,
  ConfigResourceTypes,
  ConfigSources,
  Consumer,
  IncrementalAlterConfigOperationTypes,
} from '@platformatic/kafka';
import {
  type Catalog,
  DAY_MS,
  defineCatalog,
  defineTopic,
  MEBIBYTE,
  MINUTE_MS,
} from '@sori/contract';
import { clientOptions } from '../connection.ts';
import { encodeMemberData } from '../membership/member-data.ts';
import { testCluster } from '../test-topics.ts';
import { createLogWriter } from '../writer/log-writer.ts';
import { createKafkaAdmin, type KafkaAdmin } from './admin.ts';
import { applyTopics } from './apply-topics.ts';
import type { TopicChange } from './change.ts';
import { planTopics } from './plan-topics.ts';

describe('administering a cluster', () => {
  const cluster = testCluster();
  const made = new Set<string>();
  let admin: KafkaAdmin;
  /** Another tool, as an operator has it. */
  let tool: Admin;

  before(() => {
    admin = createKafkaAdmin(cluster);
    tool = new Admin({ ...clientOptions(cluster), retries: 5, retryDelay: 250 });
  });
  after(async () => {
    const topics = (await admin.topicNames()).filter((name) => made.has(name));
    if (topics.length > 0) await tool.deleteTopics({ topics });
    await tool.close();
    await admin[Symbol.asyncDispose]();
  });

  /** A catalog of one topic, of a name of its own unless one is given. */
  function catalogOf(over: { readonly name?: string; readonly partitions?: number } = {}): Catalog {
    const topic = defineTopic({
      name: `t${randomBytes(6).toString('hex')}.events`,
      description: 'Of a test',
      partitions: 2,
      replicationFactor: 3,
      key: 'room_id',
      retention: { class: 'short', ms: DAY_MS, bytes: 10 * MEBIBYTE },
      segment: { bytes: MEBIBYTE, ms: 10 * MINUTE_MS },
      compression: 'lz4',
      expectedLoad: { eventsPerSecond: 1, bytesPerSecond: 100 },
      ...over,
    });
    const catalog = defineCatalog({ topics: [topic], events: [], groups: [] });
    for (const { name } of catalog.topics) made.add(name);
    return catalog;
  }

  const nameOf = (catalog: Catalog): string => catalog.topics[0]?.name ?? '';

  async function changesOf(catalog: Catalog): Promise<readonly TopicChange[]> {
    const names = catalog.topics.map(({ name }) => name);
    return planTopics(catalog, await admin.describeTopics(names)).changes;
  }

  async function setByHand(topic: string, name: string, value: string): Promise<void> {
    const configs = [{ name, value, configOperation: IncrementalAlterConfigOperationTypes.SET }];
    await tool.incrementalAlterConfigs({
      resources: [{ resourceType: ConfigResourceTypes.TOPIC, resourceName: topic, configs }],
    });
  }

  test('topics come to be as the catalog says, with settings of their own', async () => {
    const catalog = catalogOf();
    const { applied, withheld } = await applyTopics(admin, catalog);
    assert.deepEqual(
      applied.map(({ kind }) => kind),
      ['create', 'create'],
    );
    assert.deepEqual(withheld, []);
    assert.deepEqual(await changesOf(catalog), []);

    const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: nameOf(catalog) };
    const [described] = await tool.describeConfigs({ resources: [resource] });
    const own = described?.configs.filter(
      ({ configSource }) => configSource === ConfigSources.DYNAMIC_TOPIC_CONFIG,
    );
    assert.deepEqual(Object.fromEntries(own?.map(({ name, value }) => [name, value]) ?? []), {
      'cleanup.policy': 'delete',
      'compression.type': 'lz4',
      'max.message.bytes': '1048588',
      'min.insync.replicas': '2',
      'retention.bytes': '10485760',
      'retention.ms': '86400000',
      'segment.bytes': '1048576',
      'segment.ms': '600000',
    });
  });

  test('applying again changes nothing, and two at once are fine', async () => {
    const catalog = catalogOf();
    const both = await Promise.all([applyTopics(admin, catalog), applyTopics(admin, catalog)]);
    assert.deepEqual(
      both.map(({ withheld }) => withheld),
      [[], []],
    );
    assert.deepEqual(await applyTopics(admin, catalog), { applied: [], withheld: [] });
  });

  test('what was changed by hand is found, named and set back', async () => {
    const catalog = catalogOf();
    await applyTopics(admin, catalog);
    const topic = nameOf(catalog);
    await setByHand(topic, 'segment.ms', '60000');
    await setByHand(topic, 'flush.messages', '5');
    const drift = async () =>
      (await changesOf(catalog)).map((change) => change.kind === 'setting' && change.setting);
    // The controller has it before the broker that is asked.
    while ((await drift()).length < 2);
    assert.deepEqual(await drift(), ['flush.messages', 'segment.ms']);

    const { withheld } = await applyTopics(admin, catalog);
    assert.deepEqual([withheld, await drift()], [[], []]);
  });

  test('shorter retention waits for consent', async () => {
    const catalog = catalogOf();
    await applyTopics(admin, catalog);
    await setByHand(nameOf(catalog), 'retention.ms', '-1');
    while ((await changesOf(catalog)).length === 0);

    const refused = await applyTopics(admin, catalog);
    assert.deepEqual(
      refused.withheld.map((change) => [change.class, 'setting' in change && change.setting]),
      [['loses-data', 'retention.ms']],
    );
    const { withheld } = await applyTopics(admin, catalog, { consents: ['loses-data'] });
    assert.deepEqual([withheld, await changesOf(catalog)], [[], []]);
  });

  test('partitions are added with consent, also by two at once, and never taken away', async () => {
    const small = catalogOf({ partitions: 2 });
    await applyTopics(admin, small);
    const grown = catalogOf({ name: nameOf(small), partitions: 4 });
    const refused = await applyTopics(admin, grown);
    assert.deepEqual(
      refused.withheld.map((change) => change.class),
      ['breaks-ordering'],
    );
    const consents = ['breaks-ordering'] as const;
    const both = await Promise.all([
      applyTopics(admin, grown, { consents }),
      applyTopics(admin, grown, { consents }),
    ]);
    assert.deepEqual(
      both.map(({ withheld }) => withheld),
      [[], []],
    );
    assert.deepEqual(await changesOf(grown), []);
    const { applied, withheld } = await applyTopics(admin, small, { consents });
    assert.deepEqual([applied, withheld.map((change) => change.class)], [[], ['impossible']]);
  });

  test('a value that the broker refuses is an error with its words', async () => {
    const catalog = catalogOf();
    await applyTopics(admin, catalog);
    const change: TopicChange = {
      kind: 'setting',
      topic: nameOf(catalog),
      setting: 'retention.ms',
      from: null,
      to: 'soon',
      class: 'safe',
      reason: '',
    };
    await assert.rejects(admin.applyChanges([change]), {
      name: 'LogError',
      reason: 'rejected',
      message: /retention\.ms/,
    });
  });

  test('other topics of the cluster are named', async () => {
    const catalog = catalogOf();
    await applyTopics(admin, catalog);
    const { otherTopics } = await admin.describeTopics([]);
    assert.ok(otherTopics.includes(nameOf(catalog)));
    assert.deepEqual(await admin.topicNames(), otherTopics);
  });

  test('a group is shown with its members, what each reads, and its lag', async () => {
    const catalog = catalogOf();
    await applyTopics(admin, catalog);
    const topic = nameOf(catalog);
    await using writer = createLogWriter(cluster);
    const lane = await writer.openPartition({ topic, partition: 1 }, { compression: 'none' });
    const record = { key: null, value: Buffer.from('x'), headers: [] };
    await lane.append([record, record, record]);

    const groupId = `group-${randomBytes(6).toString('hex')}`;
    const consumer = new Consumer({
      ...clientOptions(cluster),
      groupId,
      autocommit: false,
      protocols: [
        {
          name: 'roundrobin',
          version: 1,
          metadata: encodeMemberData({ name: 'reader-1', partitions: new Map() }),
        },
      ],
    });
    try {
      consumer.topics.track(topic);
      await consumer.joinGroup({});
      await consumer.commit({ offsets: [{ topic, partition: 1, offset: 1n, leaderEpoch: -1 }] });
      const [group, ...others] = await admin.describeGroups([groupId, 'group-of-nobody']);
      assert.deepEqual(others, []);
      assert.deepEqual(group, {
        group: groupId,
        state: 'Stable',
        assignor: 'roundrobin',
        members: [
          {
            member: 'reader-1',
            clientId: cluster.clientId,
            memberId: consumer.memberId,
            host: '127.0.0.1',
            assignment: { [topic]: [0, 1] },
          },
        ],
        lag: [
          { topic, partition: 0, committed: null, earliest: 0, end: 0, lag: 0, lost: 0 },
          { topic, partition: 1, committed: 1, earliest: 0, end: 3, lag: 2, lost: 0 },
        ],
      });
    } finally {
      await consumer.leaveGroup();
      await consumer.close();
    }
    const [empty] = await admin.describeGroups([groupId]);
    assert.deepEqual([empty?.state, empty?.members], ['Empty', []]);
    // What was committed counts on without members; what was only assigned is forgotten.
    assert.deepEqual(
      empty?.lag.map(({ partition, lag }) => [partition, lag]),
      [[1, 2]],
    );
    await tool.deleteGroups({ groups: [groupId] });
    assert.deepEqual(await admin.describeGroups([groupId]), []);
  });

  test('no broker that answers is an error in time', async () => {
    await using nobody = createKafkaAdmin({ ...cluster, brokers: ['127.0.0.1:1'] });
    await assert.rejects(nobody.topicNames(), { reason: 'unavailable' });
  });
});
