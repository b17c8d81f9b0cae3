import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SlidingWindow, WINDOW_SECONDS } from './sliding-window.ts';

const WINDOW_MS = WINDOW_SECONDS * 1_000;

function windowAt(start: number): { readonly window: SlidingWindow; at(now: number): void } {
  let now = start;
  return {
    window: new SlidingWindow(() => now),
    at(time) {
      now = time;
    },
  };
}

test('a steady stream gives its rate, from the first seconds on', () => {
  const { window, at } = windowAt(5_000);
  for (let now = 5_000; now < 5_000 + 3 * WINDOW_MS; now += 100) {
    at(now);
    window.add(5, 0);
    if (now < 7_000) continue;
    assert(Math.abs(window.rate() - 50) < 4, `${window.rate()} after ${now} ms`);
  }
});

test('the first record of a process is no burst', () => {
  const { window } = windowAt(5_000);
  window.add(1, 0);
  assert.equal(window.rate(), 1);
});

test('what is older than the window is forgotten, and nothing is left of an idle one', () => {
  const { window, at } = windowAt(0);
  window.add(300, 900);
  assert.equal(window.average(), 3);
  at(WINDOW_MS + 1_000);
  assert.equal(window.rate(), 0);
  assert.equal(window.average(), undefined);
  window.add(2, 10);
  assert.equal(window.average(), 5);
});

test('the average is that of all that was added within the window, whenever it was', () => {
  const added = fc.array(
    fc.record({
      afterMs: fc.integer({ min: 0, max: 5_000 }),
      count: fc.integer({ min: 1, max: 100 }),
      each: fc.integer({ min: 0, max: 1_000 }),
    }),
    { minLength: 1, maxLength: 60 },
  );
  fc.assert(
    fc.property(added, (steps) => {
      const { window, at } = windowAt(0);
      let now = 0;
      const log: { readonly second: number; readonly count: number; readonly total: number }[] = [];
      for (const { afterMs, count, each } of steps) {
        now += afterMs;
        at(now);
        window.add(count, count * each);
        log.push({ second: Math.floor(now / 1_000), count, total: count * each });
      }
      const oldest = Math.floor(now / 1_000) - WINDOW_SECONDS + 1;
      const within = log.filter(({ second }) => second >= oldest);
      const counts = within.reduce((sum, { count }) => sum + count, 0);
      const totals = within.reduce((sum, { total }) => sum + total, 0);
      assert.equal(window.average(), totals / counts);
      assert(window.rate() <= counts);
    }),
  );
});
