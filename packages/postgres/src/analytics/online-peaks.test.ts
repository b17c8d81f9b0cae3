import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type OnlineHistory, onlineAtEnd, onlinePeaks } from './online-peaks.ts';
import { windowStart } from './windows.ts';

/** Where a minute begins. */
const START = Date.UTC(2026, 0, 27) / 1_000;
const MINUTES = 8;

/** What readOnline makes of changes. */
function historyOf(online: number, changes: ReadonlyMap<number, number>): OnlineHistory {
  const minutes = new Map<number, OnlineHistory['minutes'][number]>();
  let now = online;
  for (const [second, change] of [...changes].toSorted(([one], [other]) => one - other)) {
    now += change;
    const start = windowStart(START + second, 60);
    const known = minutes.get(start) ?? {
      start,
      firstSecond: START + second,
      peak: now,
      last: now,
    };
    minutes.set(start, { ...known, peak: Math.max(known.peak, now), last: now });
  }
  return { rolledTo: START, online, minutes: [...minutes.values()] };
}

test('peaks are the highest of all seconds, with and without changes', () => {
  const changes = fc.dictionary(
    fc.integer({ min: 0, max: MINUTES * 60 - 1 }).map(String),
    fc.integer({ min: -3, max: 5 }),
    { maxKeys: 30 },
  );
  fc.assert(
    fc.property(fc.nat({ max: 5 }), changes, (online, given) => {
      const by = new Map(Object.entries(given).map(([second, n]) => [Number(second), n]));
      const expected = new Map<number, number>();
      let now = online;
      for (let second = 0; second < MINUTES * 60; second++) {
        now += by.get(second) ?? 0;
        const minute = START + windowStart(second, 60);
        const peak = Math.max(expected.get(minute) ?? 0, now);
        if (peak > 0) expected.set(minute, peak);
      }
      const history = historyOf(online, by);
      assert.deepEqual(onlinePeaks(history, { from: START, to: START + MINUTES * 60 }), expected);
      assert.equal(onlineAtEnd(history), now);
    }),
  );
});

test('a change that came too late for its minute counts from the next on', () => {
  const history = historyOf(2, new Map([[-90, 1]]));
  assert.deepEqual(
    [...onlinePeaks(history, { from: START, to: START + 120 })],
    [
      [START, 3],
      [START + 60, 3],
    ],
  );
});

test('long times without anybody cost nothing', () => {
  const history = historyOf(
    0,
    new Map([
      [0, 1],
      [5, -1],
    ]),
  );
  assert.deepEqual([...onlinePeaks(history, { from: 0, to: START + 1e9 })], [[START, 1]]);
});
