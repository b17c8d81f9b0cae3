import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Type } from 'typebox';
import { DefinitionError, InvalidEventData } from './errors.ts';
import { defineEvent } from './event.ts';
import { DAY_MS, defineTopic } from './topic.ts';

const orders = defineTopic({
  name: 'order.events',
  description: 'Orders',
  partitions: 3,
  replicationFactor: 3,
  key: 'order_id',
  retention: { class: 'short', ms: DAY_MS },
  expectedLoad: { eventsPerSecond: 1, bytesPerSecond: 100 },
});
const unkeyed = defineTopic({
  name: 'sample.events',
  description: 'Samples',
  partitions: 3,
  replicationFactor: 3,
  key: 'none',
  retention: { class: 'short', ms: DAY_MS },
  expectedLoad: { eventsPerSecond: 1, bytesPerSecond: 100 },
});
const orderPlaced = defineEvent({
  type: 'order.basket.placed',
  topic: orders,
  key: 'orderId',
  description: 'An order was placed',
  data: Type.Object({
    orderId: Type.String({ minLength: 1 }),
    kind: Type.Union([Type.Literal('gift'), Type.Literal('own')]),
    lines: Type.Array(Type.Object({ count: Type.Integer({ minimum: 1 }) })),
  }),
});
const valid = { orderId: 'o1', kind: 'gift', lines: [{ count: 1 }] } as const;

function problemsOf(data: unknown): readonly { path: string; message: string }[] {
  try {
    orderPlaced(data as never);
  } catch (error) {
    if (error instanceof InvalidEventData) return error.problems;
    throw error;
  }
  return [];
}

describe('drafts', () => {
  test('a draft knows its type, topic and key', () => {
    const draft = orderPlaced({ ...valid, lines: [] });
    assert.equal(draft.type, 'order.basket.placed');
    assert.equal(draft.definition.topic, orders);
    assert.equal(draft.key, 'o1');
    assert.ok(Object.isFrozen(draft));
  });

  test('a missing field is named', () => {
    const [problem] = problemsOf({ kind: 'own', lines: [] });
    assert.equal(problem?.path, '');
    assert.match(problem?.message ?? '', /orderId/);
  });

  test('an unknown field is refused where it stands', () => {
    assert.deepEqual(problemsOf({ ...valid, extra: 1 }), [
      { path: '/extra', message: 'is not a known field' },
    ]);
    assert.deepEqual(problemsOf({ ...valid, lines: [{ count: 1, price: 2 }] }), [
      { path: '/lines/0/price', message: 'is not a known field' },
    ]);
  });

  test('a value outside a choice names the choices', () => {
    assert.deepEqual(problemsOf({ ...valid, kind: 'other' }), [
      { path: '/kind', message: 'must be gift or own' },
    ]);
  });

  test('a reader keeps what it does not know', () => {
    assert.deepEqual(orderPlaced.problems({ ...valid, extra: 1 }), []);
    assert.equal(orderPlaced.problems({ ...valid, orderId: '' }).length, 1);
  });
});

describe('definitions', () => {
  const data = Type.Object({ id: Type.String(), note: Type.Optional(Type.String()) });
  const define = (options: object): unknown =>
    defineEvent({
      type: 'order.basket.kept',
      topic: orders,
      key: 'id',
      description: '',
      data,
      ...options,
    });

  test('a type that is not three words is refused', () => {
    assert.throws(() => define({ type: 'order.kept' }), DefinitionError);
    assert.throws(() => define({ type: 'order.Basket.kept' }), DefinitionError);
  });

  test('a type of another context than its topic is refused', () => {
    assert.throws(() => define({ type: 'basket.order.kept' }), /contexts differ/);
  });

  test('a key must be a required field of the data', () => {
    assert.throws(() => define({ key: 'note' }), /required field/);
    assert.throws(() => define({ key: 'other' }), /required field/);
    assert.throws(() => define({ key: undefined }), /names no key field/);
  });

  test('an event of a topic without keys has none', () => {
    const type = 'sample.value.taken';
    assert.throws(() => define({ type, topic: unkeyed }), /has none/);
    const sampleTaken = defineEvent({ type, topic: unkeyed, description: '', data });
    assert.equal(sampleTaken({ id: '1' }).key, undefined);
  });
});
