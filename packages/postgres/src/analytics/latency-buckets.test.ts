import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type BucketCount,
  LATENCY_BUCKET_ERROR,
  latencyBucket,
  latencyOfBucket,
  latencyPercentiles,
} from './latency-buckets.ts';

const DAY_MS = 86_400_000;

const latencies = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 7 * DAY_MS - 1 })),
  { minLength: 1, maxLength: 200 },
);

const counted = (values: readonly number[]): readonly BucketCount[] =>
  values.map((ms) => ({ bucket: latencyBucket(ms), records: 1 }));

test('a latency is told within the stated error, and exactly below 20 ms', () => {
  for (let ms = 0; ms < 20; ms++) assert.equal(latencyOfBucket(latencyBucket(ms)), ms);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 7 * DAY_MS - 1 }), (ms) => {
      const error = Math.abs(latencyOfBucket(latencyBucket(ms)) - ms);
      assert(error <= LATENCY_BUCKET_ERROR * ms, `${ms} ms is off by ${error}`);
    }),
  );
});

test('buckets rise with the latency, and end', () => {
  assert.equal(latencyBucket(-5), 0);
  assert.equal(latencyBucket(0.9), 0);
  assert.equal(latencyBucket(7 * DAY_MS), latencyBucket(Number.MAX_SAFE_INTEGER));
  assert.equal(latencyOfBucket(latencyBucket(1e15)), 7 * DAY_MS);
  assert(latencyBucket(7 * DAY_MS) < 2 ** 15, 'a smallint holds it');
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (one, other) => {
      if (one <= other) assert(latencyBucket(one) <= latencyBucket(other));
    }),
  );
});

test('stored numbers mean what they always meant', () => {
  const known = [19, 20, 22, 100, 1_000, 60_000, 3_600_000, DAY_MS].map(latencyBucket);
  assert.deepEqual(known, [19, 20, 21, 38, 63, 106, 149, 182]);
});

test('percentiles are within the error of the ones by nearest rank', () => {
  fc.assert(
    fc.property(latencies, (values) => {
      const sorted = values.toSorted((one, other) => one - other);
      const told = latencyPercentiles(counted(values));
      assert(told !== undefined);
      for (const [percent, value] of [
        [50, told.p50],
        [95, told.p95],
        [99, told.p99],
      ] as const) {
        const exact = sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN;
        assert(Math.abs(value - exact) <= LATENCY_BUCKET_ERROR * exact);
      }
    }),
  );
});

test('histograms can be added in any order', () => {
  fc.assert(
    fc.property(latencies, latencies, (one, other) => {
      const together = latencyPercentiles([...counted(one), ...counted(other)]);
      assert.deepEqual(latencyPercentiles([...counted(other), ...counted(one)]), together);
    }),
  );
  assert.equal(latencyPercentiles([]), undefined);
});
