import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OffsetTracker, type TrackedOffset } from './offset-tracker.ts';

function entry(offset: number): TrackedOffset {
  return { offset, done: false, nextInPartition: undefined };
}

test('what may be committed is the first offset that is not done, holes and all', () => {
  const tracker = new OffsetTracker(10);
  assert.equal(tracker.committable, 10);
  const [a, b, c] = [entry(10), entry(11), entry(15)] as const;
  for (const each of [a, b, c]) tracker.add(each);
  assert.equal(tracker.complete(b), false);
  assert.equal(tracker.committable, 10);
  assert.equal(tracker.size, 3);
  assert.equal(tracker.complete(a), true);
  assert.equal(tracker.committable, 15);
  assert.equal(tracker.complete(a), false);
  tracker.complete(c);
  assert.equal(tracker.committable, 16);
  assert.equal(tracker.size, 0);
  tracker.skipTo(20);
  tracker.skipTo(18);
  assert.equal(tracker.committable, 20);
  assert.throws(() => tracker.add(entry(19)), RangeError);
});

test('skipping does not pass what is undone', () => {
  const tracker = new OffsetTracker(0);
  const first = entry(0);
  tracker.add(first);
  tracker.skipTo(100);
  assert.equal(tracker.committable, 0);
  assert.equal(tracker.position, 100);
  tracker.complete(first);
  assert.equal(tracker.committable, 100);
});

test('in any order of completions it agrees with the definition, and never falls', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(200), { minLength: 1, maxLength: 60 }),
      fc.array(fc.nat(), { maxLength: 60 }),
      (offsets, picks) => {
        const start = 0;
        const tracker = new OffsetTracker(start);
        const entries = offsets.toSorted((a, b) => a - b).map(entry);
        for (const each of entries) tracker.add(each);
        const end = (entries.at(-1)?.offset ?? -1) + 1;
        const done = new Set<number>();
        let before = tracker.committable;
        for (const pick of picks) {
          const chosen = entries[pick % entries.length];
          assert.ok(chosen !== undefined);
          const rose = tracker.complete(chosen);
          done.add(chosen.offset);
          const expected = entries.find(({ offset }) => !done.has(offset))?.offset ?? end;
          assert.equal(tracker.committable, expected);
          assert.equal(rose, expected > before || (rose && expected === before));
          assert.ok(tracker.committable >= before);
          before = tracker.committable;
        }
      },
    ),
  );
});
