import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Type } from 'typebox';
import { defineCatalog } from './catalog.ts';
import { DefinitionError } from './errors.ts';
import { defineEvent } from './event.ts';
import { defineGroup } from './group.ts';
import { derivedEventId, newEventId } from './identity.ts';
import { DAY_MS, DEAD_LETTER_HEADROOM_BYTES, defineTopic, HOUR_MS } from './topic.ts';

const options = {
  name: 'order.events',
  description: 'Orders',
  partitions: 3,
  replicationFactor: 3,
  key: 'order_id',
  retention: { class: 'short', ms: DAY_MS },
  expectedLoad: { eventsPerSecond: 1, bytesPerSecond: 100 },
} as const;

describe('topics', () => {
  test('a name outside the rule says what the rule is', () => {
    assert.throws(() => defineTopic({ ...options, name: 'orders' }), /\{context\}\.events/);
    assert.throws(() => defineTopic({ ...options, name: 'order.state_of' }), /naming: 'state'/);
    assert.equal(
      defineTopic({ ...options, name: 'order.last_state', naming: 'state' }).partitions,
      3,
    );
  });

  test('a retention outside its class is refused', () => {
    const refused = [
      { class: 'short', ms: HOUR_MS },
      { class: 'short', ms: 8 * DAY_MS },
      { class: 'transient', ms: DAY_MS },
      { class: 'long', ms: 29 * DAY_MS },
    ] as const;
    for (const retention of refused) {
      assert.throws(() => defineTopic({ ...options, retention }), /outside its class/);
    }
  });

  test('numbers that Kafka would refuse are refused', () => {
    assert.throws(() => defineTopic({ ...options, partitions: 0 }), /partitions/);
    assert.throws(() => defineTopic({ ...options, minInsyncReplicas: 4 }), /exceeds/);
    assert.throws(
      () => defineTopic({ ...options, key: 'none', cleanup: 'compact' }),
      /needs a key/,
    );
  });
});

describe('catalog', () => {
  const topic = defineTopic(options);
  const event = defineEvent({
    type: 'order.basket.placed',
    topic,
    key: 'id',
    description: '',
    data: Type.Object({ id: Type.String() }),
  });
  const group = defineGroup({ id: 'billing', topics: '*', members: 1, purpose: '' });
  const catalog = defineCatalog({ topics: [topic], events: [event], groups: [group] });

  test('every topic has a dead-letter topic with room for the headers', () => {
    assert.deepEqual(
      catalog.topics.map(({ name }) => name),
      ['order.events', 'order.events.dlq'],
    );
    const deadLetters = catalog.topic('order.events.dlq');
    assert.equal(deadLetters.partitions, 1);
    assert.equal(deadLetters.retention.ms, 30 * DAY_MS);
    assert.equal(deadLetters.maxMessageBytes, topic.maxMessageBytes + DEAD_LETTER_HEADROOM_BYTES);
  });

  test('* is every topic, dead letters included', () => {
    assert.deepEqual(catalog.topicsOf(group), catalog.topics);
  });

  test('what is defined twice, or belongs to no topic of the catalog, is refused', () => {
    const define = (parts: object): unknown =>
      defineCatalog({ topics: [topic], events: [event], groups: [group], ...parts });
    assert.throws(() => define({ topics: [topic, topic] }), /defined twice/);
    assert.throws(() => define({ events: [event, event] }), /defined twice/);
    assert.throws(() => define({ topics: [] }), DefinitionError);
    const stray = defineGroup({ id: 'stray', topics: ['other.events'], members: 1, purpose: '' });
    assert.throws(() => define({ groups: [stray] }), /not in the catalog/);
  });

  test('a group has a time in which records are to be done', () => {
    assert.equal(group.lagTargetSeconds, 60);
    const quick = { id: 'quick', topics: '*', members: 1, purpose: '' } as const;
    assert.equal(defineGroup({ ...quick, lagTargetSeconds: 0.5 }).lagTargetSeconds, 0.5);
    for (const lagTargetSeconds of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => defineGroup({ ...quick, lagTargetSeconds }), /lagTargetSeconds/);
    }
  });

  test('a name that is not there is answered with the names that are', () => {
    assert.throws(() => catalog.topic('orders'), /order\.events/);
    assert.equal(catalog.findTopic('orders'), undefined);
  });
});

describe('event ids', () => {
  test('the same parts make the same id, other cuts of the same letters another', () => {
    assert.equal(derivedEventId('a', 'b'), derivedEventId('a', 'b'));
    assert.notEqual(derivedEventId('ab', 'c'), derivedEventId('a', 'bc'));
    assert.notEqual(derivedEventId('a/b'), derivedEventId('a', 'b'));
  });

  test('new ids of one process sort by time', () => {
    const ids = Array.from({ length: 100 }, newEventId);
    assert.deepEqual([...ids].sort(), ids);
  });
});
