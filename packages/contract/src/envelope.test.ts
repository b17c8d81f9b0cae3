import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Type } from 'typebox';
import { decodeEvent, encodeEvent, type RecordBytes } from './envelope.ts';
import { UndecodableRecord } from './errors.ts';
import { type AnyEventDefinition, defineEvent } from './event.ts';
import { DAY_MS, defineTopic } from './topic.ts';

const orderPlaced = defineEvent({
  type: 'order.basket.placed',
  topic: defineTopic({
    name: 'order.events',
    description: 'Orders',
    partitions: 3,
    replicationFactor: 3,
    key: 'order_id',
    retention: { class: 'short', ms: DAY_MS },
    expectedLoad: { eventsPerSecond: 1, bytesPerSecond: 100 },
  }),
  key: 'orderId',
  description: 'An order was placed',
  data: Type.Object({ orderId: Type.String(), note: Type.Optional(Type.String()) }),
});
const attributes = {
  id: '0190-1',
  source: '/sori/test',
  time: '2026-03-23T01:02:03.456Z',
  correlationId: 'request-7',
  causationId: 'event-6',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};
const find = (type: string): AnyEventDefinition | undefined =>
  type === orderPlaced.type ? orderPlaced : undefined;
const encoded = encodeEvent(orderPlaced({ orderId: '주문-1', note: '소리' }), attributes);

/** The record with one header replaced, or taken out. */
function withHeader(key: string, value: string | undefined): RecordBytes {
  const others = encoded.headers.filter((header) => header.key !== key);
  const headers = value === undefined ? others : [...others, { key, value: Buffer.from(value) }];
  return { ...encoded, headers };
}

function reasonOf(record: RecordBytes): string {
  try {
    decodeEvent(record, find);
  } catch (error) {
    if (error instanceof UndecodableRecord) return error.reason;
    throw error;
  }
  return 'decodable';
}

test('an event is a CloudEvent in Kafka binary mode', () => {
  const headers = Object.fromEntries(encoded.headers.map(({ key, value }) => [key, String(value)]));
  assert.deepEqual(headers, {
    ce_specversion: '1.0',
    'content-type': 'application/json',
    ce_id: '0190-1',
    ce_source: '/sori/test',
    ce_type: 'order.basket.placed',
    ce_time: '2026-03-23T01:02:03.456Z',
    ce_dataschema: 'urn:sori:order.basket.placed:1',
    ce_subject: '주문-1',
    ce_traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    ce_correlationid: 'request-7',
    ce_causationid: 'event-6',
  });
  assert.equal(encoded.topic, 'order.events');
  assert.equal(encoded.key?.toString('utf8'), '주문-1');
  assert.deepEqual(JSON.parse(encoded.value.toString('utf8')), { orderId: '주문-1', note: '소리' });
});

test('what was encoded is read back', () => {
  const { id, source, time, correlationId, causationId, traceparent } = attributes;
  assert.deepEqual(decodeEvent(encoded, find), {
    id,
    type: 'order.basket.placed',
    version: 1,
    source,
    time,
    subject: '주문-1',
    correlationId,
    causationId,
    traceparent,
    data: { orderId: '주문-1', note: '소리' },
  });
});

test('an unknown field is kept', () => {
  const value = Buffer.from('{"orderId":"주문-1","later":true}');
  assert.deepEqual(decodeEvent({ ...encoded, value }, find).data, {
    orderId: '주문-1',
    later: true,
  });
});

describe('what is not an event of the catalog is refused, with the reason', () => {
  const cases: readonly [reason: string, record: RecordBytes][] = [
    ['tombstone', { ...encoded, value: null }],
    ['not-json', { ...encoded, value: Buffer.from('{"orderId":') }],
    ['invalid-data', { ...encoded, value: Buffer.from('{"orderId":7}') }],
    ['invalid-data', { ...encoded, value: Buffer.from('null') }],
    ['wrong-key', { ...encoded, key: Buffer.from('other') }],
    ['wrong-key', { ...encoded, key: null }],
    ['missing-header', withHeader('ce_type', undefined)],
    ['missing-header', withHeader('ce_id', '')],
    ['invalid-header', withHeader('ce_specversion', '0.3')],
    ['invalid-header', withHeader('ce_time', 'yesterday')],
    ['unknown-type', withHeader('ce_type', 'order.basket.burnt')],
    ['unknown-version', withHeader('ce_dataschema', 'urn:sori:order.basket.placed:9')],
    ['missing-header', { ...encoded, headers: [] }],
  ];
  for (const [index, [reason, record]] of cases.entries()) {
    test(`${reason} (${index})`, () => assert.equal(reasonOf(record), reason));
  }
});
