import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, duration, percent, plural, ranges } from './format.ts';

test('durations', () => {
  const said = [7 * 86_400_000, 107_374_182, 86_400_000, 4_200_000, 2_500, 12, Infinity].map(
    duration,
  );
  assert.deepEqual(said, ['7 d', '29.8 h', '24 h', '70 min', '2.5 s', '12 ms', 'unlimited']);
});

test('bytes, shares and counts', () => {
  assert.deepEqual([10 * 2 ** 30, 1_500, 12].map(bytes), ['10 GiB', '1.5 KiB', '12 B']);
  assert.deepEqual([0.5, 10 / 12].map(percent), ['50%', '83.3%']);
  assert.deepEqual([plural(1, 'change'), plural(0, 'change')], ['1 change', '0 changes']);
});

test('runs of partitions', () => {
  assert.equal(ranges([0, 1, 2, 3, 7, 9, 10]), '0-3, 7, 9-10');
  assert.equal(ranges([]), '');
});
