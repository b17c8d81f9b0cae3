import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { userEvents } from '@sori/chat-events';
import { decodeEvent, defineCatalog, defineEvent, defineTopic } from '@sori/contract';
import { createKafka } from '@sori/kafka';
import { createTestTopics, testCluster } from '@sori/kafka/testing';
import { appendToOutbox, transaction } from '@sori/postgres';
import { createTestDatabase, silentLogger, until } from '@sori/postgres/testing';
import type { LogRecord } from '@sori/stream';
import { Type } from 'typebox';
import { createCountingMetrics, waitingRows } from './fixture.ts';
import { startRelay } from './relay.ts';

const KEYS = 10;
const EVENTS_PER_KEY = 20;

/** A catalog of one topic and one event, whose names nobody else uses. */
function createCatalog() {
  const context = `relay${randomBytes(6).toString('hex')}`;
  const topic = defineTopic({ ...userEvents, name: `${context}.events`, cleanup: 'delete' });
  const counted = defineEvent({
    type: `${context}.counter.counted`,
    topic,
    key: 'counter',
    description: 'A counter went up',
    data: Type.Object({ counter: Type.String(), n: Type.Integer() }),
  });
  const catalog = defineCatalog({ topics: [topic], events: [counted], groups: [] });
  return { catalog, counted, topic };
}

test('on Kafka: what committed is there once, in order, as the event it was', async () => {
  const { catalog, counted, topic } = createCatalog();
  const cluster = testCluster();
  await using topics = createTestTopics(cluster);
  await topics.createNamed(topic.name, topic.partitions);
  await using database = await createTestDatabase();
  await using kafka = createKafka(cluster);
  await using _relay = await startRelay({
    databaseUrl: database.url,
    publishing: { catalog, log: kafka.writer(), source: '/sori/test' },
    topics: [topic.name],
    logger: silentLogger,
    metrics: createCountingMetrics(),
  });
  const ids = new Set<string>();
  const count = async (counter: string) => {
    for (let n = 0; n < EVENTS_PER_KEY; n++) {
      const appended = await transaction(database.pool, (connection) =>
        appendToOutbox(connection, [counted({ counter, n })], { source: '/sori/test' }),
      );
      for (const id of appended) ids.add(id);
    }
  };
  await Promise.all(Array.from({ length: KEYS }, (_, key) => count(`counter-${key}`)));
  await until('all is published', async () => (await waitingRows(database.pool)) === 0);

  const records: LogRecord[] = [];
  const reader = kafka.reader();
  await using subscription = reader.open({
    sink: {
      records: (batch) => records.push(...batch.records),
      outOfRange: () => assert.fail('the topic was read from its start'),
      failing() {},
      recovered() {},
    },
  });
  for (const start of await reader.listOffsets([topic.name], 'earliest')) {
    subscription.assign(start);
  }
  await until('all is read', () => records.length >= KEYS * EVENTS_PER_KEY);
  const events = records.map((record) => decodeEvent(record, catalog.findEvent));
  assert.deepEqual(new Set(events.map(({ id }) => id)), ids);
  assert.equal(events.length, ids.size);
  const byKey = Map.groupBy(events, ({ subject }) => subject);
  assert.equal(byKey.size, KEYS);
  for (const ofKey of byKey.values()) {
    assert.deepEqual(
      ofKey.map(({ data }) => (data as { n: number }).n),
      Array.from({ length: EVENTS_PER_KEY }, (_, n) => n),
    );
  }
});
