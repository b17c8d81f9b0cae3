import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partitionLag } from './describe-groups.ts';

const SOURCE = { topic: 'a', partition: 0 };

test('lag counts from the committed offset', () => {
  const lag = partitionLag(SOURCE, { committed: 7, earliest: 2, end: 10 });
  assert.deepEqual(lag, { ...SOURCE, committed: 7, earliest: 2, end: 10, lag: 3, lost: 0 });
});

test('without a committed offset everything that is there is to be read', () => {
  const { lag, lost } = partitionLag(SOURCE, { committed: null, earliest: 2, end: 10 });
  assert.deepEqual([lag, lost], [8, 0]);
});

test('what retention removed unread is lost, not lag', () => {
  const { lag, lost } = partitionLag(SOURCE, { committed: 1, earliest: 4, end: 10 });
  assert.deepEqual([lag, lost], [6, 3]);
});

test('a commit beyond the end, as after a topic was made anew, is no lag', () => {
  assert.equal(partitionLag(SOURCE, { committed: 50, earliest: 0, end: 10 }).lag, 0);
});
