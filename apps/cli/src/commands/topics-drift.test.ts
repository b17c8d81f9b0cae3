import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { catalog } from '@sori/chat-events';
import { type ClusterState, planTopics, type TopicChange } from '@sori/kafka';
import { EXIT } from '../errors.ts';
import { reportDrift } from './topics-drift.ts';

const EMPTY: ClusterState = {
  clusterId: 'cluster',
  brokerCount: 3,
  topics: new Map(),
  otherTopics: ['of.others'],
};

/** What the plan for an empty cluster makes of it. */
function stateOf(changes: readonly TopicChange[]): ClusterState['topics'] {
  return new Map(
    changes.flatMap((change) => {
      if (change.kind !== 'create') return [];
      const settings = Object.entries(change.settings).map(
        ([name, value]) => [name, { value, overridden: true, inherited: null }] as const,
      );
      const { partitions, replicationFactor } = change;
      const replicas = Array.from({ length: partitions }, () => replicationFactor);
      return [[change.topic, { partitions, replicas, settings: new Map(settings) }]];
    }),
  );
}

const AS_ASKED: ClusterState = { ...EMPTY, topics: stateOf(planTopics(catalog, EMPTY).changes) };

async function drift(state: ClusterState, options: { readonly json?: boolean } = {}) {
  const printed: unknown[] = [];
  const code = await reportDrift({ describeTopics: async () => state }, options, {
    json: (value) => printed.push(value),
    line: (line) => printed.push(line),
    table: (_head, rows) => {
      printed.push(...rows.map((row) => row.map((cell) => stripVTControlCharacters(`${cell}`))));
    },
  });
  return { code, printed };
}

test('nothing is said while the cluster is as the catalog says', async () => {
  assert.deepEqual(await drift(AS_ASKED), { code: EXIT.ok, printed: [] });
  assert.deepEqual(await drift(AS_ASKED, { json: true }), {
    code: EXIT.ok,
    printed: [{ clusterId: 'cluster', changes: [] }],
  });
});

test('drift has the exit code of changes, and says what differs', async () => {
  const topics = new Map(AS_ASKED.topics);
  topics.delete('chat.events');
  const { code, printed } = await drift({ ...AS_ASKED, topics });
  assert.equal(code, EXIT.changes);
  assert.deepEqual(printed, [
    'Cluster cluster is not as the catalog says: 1 change\n',
    ['chat.events', 'create: 3 partitions, 3 replicas', 'safe', ''],
  ]);
  const { printed: documents } = await drift({ ...AS_ASKED, topics }, { json: true });
  assert.deepEqual(documents, [
    { clusterId: 'cluster', changes: planTopics(catalog, { ...AS_ASKED, topics }).changes },
  ]);
});
