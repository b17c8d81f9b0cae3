import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Admin, ConfigResourceTypes } from '@platformatic/kafka';
import { userOnlineStatus } from '@sori/chat-events';
import { defineCatalog, defineTopic, type TopicDefinition } from '@sori/contract';
import { clientOptions } from '../connection.ts';
import { createLogReader } from '../reader/log-reader.ts';
import { testCluster } from '../test-topics.ts';
import { createLogWriter } from '../writer/log-writer.ts';
import { createKafkaAdmin } from './admin.ts';
import { applyTopics } from './apply-topics.ts';
import { effectiveRetention } from './effective-retention.ts';

/** An hour of user.online_status becomes nine seconds, and its ten minutes of a segment one and a half. */
const SPEED_UP = 400;
const WRITE_EVERY_MS = 100;
/** Deletions to be seen: the first might be by chance. */
const DELETIONS = 3;
/** A machine that does everything at once has brokers that look late. */
const SLACK_MS = 10_000;
/** Brokers look every five minutes unless told otherwise; npm test starts its own with less. */
const LONGEST_LOOK_MS = 5_000;

const cluster = testCluster();

/** As user.online_status, in little; with its segments, or with Kafka's own. */
function small(segment: TopicDefinition['segment']): TopicDefinition {
  return defineTopic({
    ...userOnlineStatus,
    name: `t${randomBytes(6).toString('hex')}.events`,
    naming: 'events',
    partitions: 1,
    retention: { class: 'transient', ms: userOnlineStatus.retention.ms / SPEED_UP },
    segment,
  });
}

/** How often the brokers look for what is to be deleted; the longest of them, in milliseconds. */
async function checkIntervalMs(tool: Admin): Promise<number> {
  const { brokers } = await tool.metadata({ topics: [] });
  const described = await tool.describeConfigs({
    resources: Array.from(brokers.keys(), (id) => ({
      resourceType: ConfigResourceTypes.BROKER,
      resourceName: String(id),
      configurationKeys: ['log.retention.check.interval.ms'],
    })),
  });
  return Math.max(...described.flatMap(({ configs }) => configs.map(({ value }) => Number(value))));
}

test('records go when their time has come, and only then; without small segments they stay', async (t) => {
  await using opened = new AsyncDisposableStack();
  const tool = new Admin({ ...clientOptions(cluster), retries: 5, retryDelay: 250 });
  opened.defer(() => tool.close());
  const lookMs = await checkIntervalMs(tool);
  if (lookMs > LONGEST_LOOK_MS) return t.skip(`these brokers look every ${lookMs} ms`);

  const segmentMs = (userOnlineStatus.segment.ms ?? 0) / SPEED_UP;
  const short = small({ ms: segmentMs });
  const whole = small({});
  const admin = opened.use(createKafkaAdmin(cluster));
  const catalog = defineCatalog({ topics: [short, whole], events: [], groups: [] });
  await applyTopics(admin, catalog);
  opened.defer(() => tool.deleteTopics({ topics: catalog.topics.map(({ name }) => name) }));

  const bound = effectiveRetention(short);
  assert.ok(bound);
  assert.equal(bound.atMostMs, short.retention.ms + segmentMs, 'what sori topics plan says');
  const longestMs = bound.atMostMs + lookMs;

  const writer = opened.use(createLogWriter(cluster));
  const reader = opened.use(createLogReader(cluster));
  const open = async ({ name, compression }: TopicDefinition) =>
    opened.use(await writer.openPartition({ topic: name, partition: 0 }, { compression }));
  const lanes = [await open(short), await open(whole)] as const;

  const earliest = async ({ name }: TopicDefinition): Promise<number> => {
    const [first] = await reader.listOffsets([name], 'earliest');
    return first?.offset ?? Number.NaN;
  };
  /** Between which two moments the record of each offset was written. */
  const written: { readonly after: number; readonly before: number }[] = [];
  const startedAt = Date.now();
  const deadline = startedAt + longestMs + SLACK_MS + DELETIONS * (segmentMs + lookMs);
  let deletions = 0;
  for (let first = 0; deletions < DELETIONS || Date.now() < startedAt + longestMs; ) {
    assert.ok(Date.now() < deadline, `only ${deletions} deletions, the last before ${first}`);
    const after = Date.now();
    const record = { key: Buffer.from('a'), value: Buffer.from('online'), headers: [] };
    const appended = await Promise.all(lanes.map((lane) => lane.append([record])));
    written.push({ after, before: Date.now() });
    for (const { baseOffset } of appended) assert.equal(baseOffset, written.length - 1);

    const asked = Date.now();
    const found = await earliest(short);
    const answered = Date.now();
    if (found > first) deletions++;
    first = found;
    const gone = written[first - 1];
    if (gone !== undefined) {
      assert.ok(answered - gone.after >= bound.atLeastMs, `record ${first - 1} went too early`);
    }
    const oldest = written[first];
    if (oldest !== undefined) {
      const age = asked - oldest.before;
      assert.ok(age <= longestMs + SLACK_MS, `record ${first} is there after ${age} ms`);
    }
    await delay(WRITE_EVERY_MS);
  }
  assert.equal(await earliest(whole), 0, 'a segment that is still written to is not deleted');
});
