import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStartAt } from './start-at.ts';

const NOW = Date.UTC(2026, 0, 27, 12);

test('words, offsets, times and how long ago', () => {
  assert.equal(parseStartAt('earliest', NOW), 'earliest');
  assert.equal(parseStartAt('latest', NOW), 'latest');
  assert.deepEqual(parseStartAt('120', NOW), { offset: 120 });
  assert.deepEqual(parseStartAt('90s', NOW), { timestamp: NOW - 90_000 });
  assert.deepEqual(parseStartAt('2h', NOW), { timestamp: NOW - 7_200_000 });
  assert.deepEqual(parseStartAt('2026-01-27T09:30:00Z', NOW), {
    timestamp: Date.UTC(2026, 0, 27, 9, 30),
  });
});

test('anything else is refused', () => {
  for (const text of ['', 'first', '-1', '1.5', '5w', '2026-13-45', '99999999999999999999']) {
    assert.equal(parseStartAt(text, NOW), undefined, text);
  }
});
