import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeliveryRecord } from './delivery-record.ts';
import { percentiles } from './percentiles.ts';

function recordOf(acknowledged: readonly string[], arrived: readonly string[]): DeliveryRecord {
  const record = new DeliveryRecord();
  for (const [index, id] of acknowledged.entries()) {
    record.acknowledged(id, { sentAt: index, offset: 100 + index });
  }
  for (const [index, id] of arrived.entries()) record.arrived(id, 10 + index);
  return record;
}

test('everything once and in order', () => {
  const record = recordOf(['a', 'b', 'c'], ['a', 'b', 'c']);
  assert.deepEqual([record.missing, record.duplicated, record.reordered], [0, 0, 0]);
  assert.deepEqual(record.latencies(), [10, 10, 10]);
});

test('what was acknowledged and did not arrive is missing', () => {
  assert.equal(recordOf(['a', 'b', 'c'], ['a']).missing, 2);
});

test('a second arrival is a duplicate, and no inversion', () => {
  const record = recordOf(['a', 'b'], ['a', 'b', 'a', 'a']);
  assert.deepEqual([record.duplicated, record.reordered], [2, 0]);
});

test('an arrival after a later offset is an inversion', () => {
  assert.equal(recordOf(['a', 'b', 'c', 'd'], ['b', 'a', 'd', 'c']).reordered, 2);
});

test('an arrival that nobody acknowledged is not of the record', () => {
  const record = recordOf(['a'], ['x', 'a']);
  assert.deepEqual([record.missing, record.duplicated, record.reordered], [0, 0, 0]);
});

test('percentiles are by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  assert.deepEqual(percentiles(hundred), { p50: 50, p99: 99, max: 100 });
  assert.deepEqual(percentiles([7]), { p50: 7, p99: 7, max: 7 });
  assert.equal(percentiles([]), undefined);
});
