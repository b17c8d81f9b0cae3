import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { backoff, DEFAULT_RETRY, retryDelay } from './retry-policy.ts';

const steady = { ...DEFAULT_RETRY, jitter: 0 };

test('delays double up to the cap, and the last try has none', () => {
  const policy = { ...steady, maxAttempts: 8, initialDelayMs: 100, maxDelayMs: 1_000 };
  const delays = [1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => retryDelay(policy, attempt, 0));
  assert.deepEqual(delays, [100, 200, 400, 800, 1_000, 1_000, 1_000, undefined]);
});

test('no try starts after the time is over', () => {
  const policy = { ...steady, initialDelayMs: 100, maxElapsedMs: 1_000 };
  assert.equal(retryDelay(policy, 1, 900), 100);
  assert.equal(retryDelay(policy, 1, 901), undefined);
});

test('jitter only shortens, and never below its share', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.float({ min: 0, max: 1, noNaN: true }),
      (n, r) => {
        const full = backoff(steady, n);
        const delay = backoff(DEFAULT_RETRY, n, () => r);
        assert.ok(delay <= full && delay >= full * (1 - DEFAULT_RETRY.jitter));
      },
    ),
  );
});
