import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Catalog, DAY_MS, defineCatalog, defineTopic } from '@sori/contract';
import { applyTopics, type TopicAdmin } from './apply-topics.ts';
import type { TopicChange } from './change.ts';
import type { ClusterState, TopicState } from './cluster-state.ts';
import { topicSettings } from './topic-settings.ts';

const topic = defineTopic({
  name: 'room.events',
  description: 'Rooms',
  partitions: 3,
  replicationFactor: 3,
  key: 'room_id',
  retention: { class: 'short', ms: DAY_MS },
  expectedLoad: { eventsPerSecond: 1, bytesPerSecond: 100 },
});
const catalog: Catalog = defineCatalog({ topics: [topic], events: [], groups: [] });

function stateOf(name: string, over: Readonly<Record<string, string>> = {}): TopicState {
  const { partitions, replicationFactor, ...rest } = catalog.topic(name);
  const settings = topicSettings({ partitions, replicationFactor, ...rest });
  return {
    partitions,
    replicas: Array<number>(partitions).fill(replicationFactor),
    settings: new Map(
      Array.from(settings, ([setting, value]) => [
        setting,
        { value: over[setting] ?? value, overridden: true, inherited: null },
      ]),
    ),
  };
}

/** A cluster that answers with each of the states in turn, the last one for ever. */
function adminOf(...states: readonly Readonly<Record<string, TopicState>>[]) {
  const orders: (readonly TopicChange[])[] = [];
  let asked = 0;
  const admin: TopicAdmin = {
    describeTopics: async (): Promise<ClusterState> => {
      const topics = states[Math.min(asked, states.length - 1)];
      asked += 1;
      return {
        clusterId: 'cluster',
        brokerCount: 3,
        topics: new Map(Object.entries(topics ?? {})),
        otherTopics: [],
      };
    },
    applyChanges: async (changes) => {
      orders.push(changes);
    },
  };
  return { admin, orders };
}

const DLQ = { 'room.events.dlq': stateOf('room.events.dlq') };
const DONE = { ...DLQ, 'room.events': stateOf('room.events') };
const LONGER = { ...DLQ, 'room.events': stateOf('room.events', { 'retention.ms': '-1' }) };

describe('applyTopics', () => {
  test('orders nothing where nothing is to do', async () => {
    const { admin, orders } = adminOf(DONE);
    assert.deepEqual(await applyTopics(admin, catalog), { applied: [], withheld: [] });
    assert.deepEqual(orders, []);
  });

  test('settles when the cluster shows what was ordered, not before', async () => {
    const { admin, orders } = adminOf({}, {}, DLQ, DONE);
    const { applied, withheld } = await applyTopics(admin, catalog, { pollMs: 0 });
    assert.deepEqual(
      applied.map(({ topic }) => topic),
      ['room.events', 'room.events.dlq'],
    );
    assert.deepEqual(withheld, []);
    assert.deepEqual(orders, [applied]);
  });

  test('withholds what needs consent', async () => {
    const { admin, orders } = adminOf(LONGER);
    const { applied, withheld } = await applyTopics(admin, catalog, {
      consents: ['breaks-ordering'],
    });
    assert.deepEqual([applied, orders], [[], []]);
    assert.deepEqual(
      withheld.map((change) => change.class),
      ['loses-data'],
    );
  });

  test('makes it with consent', async () => {
    const { admin, orders } = adminOf(LONGER, DONE);
    const { applied, withheld } = await applyTopics(admin, catalog, { consents: ['loses-data'] });
    assert.equal(applied.length, 1);
    assert.deepEqual([withheld, orders.length], [[], 1]);
  });

  test('gives up when it is told to', async () => {
    const { admin } = adminOf({});
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(applyTopics(admin, catalog, { signal }), { message: 'enough' });
  });
});
