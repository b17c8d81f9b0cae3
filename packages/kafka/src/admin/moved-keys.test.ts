import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partitionForKey } from '@sori/contract';
import fc from 'fast-check';
import { movedKeys } from './moved-keys.ts';

test('doubling moves half of the keys, one more partition nearly all', () => {
  assert.equal(movedKeys(10, 20), 0.5);
  assert.equal(movedKeys(3, 4), 0.75);
  assert.equal(movedKeys(10, 11), 10 / 11);
  assert.equal(movedKeys(1, 2), 0.5);
});

test('it is what the partitioner does with many keys', () => {
  const keys = Array.from({ length: 2_000 }, (_, index) => Buffer.from(`room-${index}`));
  const partitions = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(partitions, partitions, (from, added) => {
      const to = from + added;
      const moved = keys.filter((key) => partitionForKey(key, from) !== partitionForKey(key, to));
      // Five standard deviations of the share among as many keys.
      assert.ok(Math.abs(moved.length / keys.length - movedKeys(from, to)) < 0.056);
    }),
  );
});
