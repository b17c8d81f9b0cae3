import { randomUUID } from 'node:crypto';
import {
  type Catalog,
  DAY_MS,
  defineCatalog,
  defineEvent,
  defineGroup,
  defineTopic,
  type EventDefinition,
  type GroupDefinition,
  type TopicDefinition,
} from '@sori/contract';
import { Type } from 'typebox';
import type { TestTopics } from './test-topics.ts';

const Data = Type.Object({ key: Type.String(), sequence: Type.Integer() });

/** For tests only: a topic of its own with one event type, its dead-letter topic, and a group. */
export interface TestStream {
  readonly topic: TopicDefinition;
  readonly deadLetters: TopicDefinition;
  readonly numbered: EventDefinition<string, typeof Data>;
  readonly catalog: Catalog<readonly [EventDefinition<string, typeof Data>]>;
  readonly group: GroupDefinition;
}

export async function createTestStream(
  topics: TestTopics,
  partitions: number,
): Promise<TestStream> {
  const context = `test-${randomUUID()}`;
  const topic = defineTopic({
    name: `${context}.events`,
    description: 'Numbered records',
    partitions,
    replicationFactor: 3,
    key: 'key',
    retention: { class: 'short', ms: DAY_MS },
    expectedLoad: { eventsPerSecond: 1_000, bytesPerSecond: 100_000 },
  });
  const numbered = defineEvent({
    type: `${context}.record.numbered`,
    topic,
    key: 'key',
    description: 'A number that rises with each record of a key',
    data: Data,
  });
  const group = defineGroup({
    id: `${context}-group`,
    topics: [topic.name],
    members: 3,
    purpose: 'Tests',
    unknownEvents: 'dead-letter',
  });
  const catalog = defineCatalog({ topics: [topic], events: [numbered], groups: [group] });
  const deadLetters = catalog.topic(`${topic.name}.dlq`);
  for (const { name, partitions: count } of catalog.topics) await topics.createNamed(name, count);
  return { topic, deadLetters, numbered, catalog, group };
}
