import assert from 'node:assert/strict';
import { test } from 'node:test';
import golden from '../golden/key-partitions.json' with { type: 'json' };
import { murmur2, partitionForKey } from './partitioner.ts';

test('every key hashes as in the Java client', () => {
  for (const { keyHex, murmur2: expected } of golden.keys) {
    assert.equal(murmur2(Buffer.from(keyHex, 'hex')), expected, keyHex);
  }
});

test("every key is on the Java client's partition, for every number of partitions", () => {
  for (const { keyHex, partitionOf } of golden.keys) {
    for (const [partitions, expected] of Object.entries(partitionOf)) {
      const partition = partitionForKey(Buffer.from(keyHex, 'hex'), Number(partitions));
      assert.equal(partition, expected, `${keyHex} of ${partitions}`);
    }
  }
});

test('room 123 is on partition 5 of 10', () => {
  assert.equal(partitionForKey(Buffer.from('123'), 10), 5);
});
