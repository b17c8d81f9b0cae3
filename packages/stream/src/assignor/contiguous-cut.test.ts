import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { contiguousCut } from './contiguous-cut.ts';

const weightsOf = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 9 });
const basesOf = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 });

/** Every way to cut `count` things into `owners` runs, as the ends of the runs. */
function allCuts(count: number, owners: number): number[][] {
  if (owners === 1) return [[count]];
  return Array.from({ length: count + 1 }, (_, end) => end).flatMap((end) =>
    allCuts(count - end, owners - 1).map((rest) => [end, ...rest.map((each) => each + end)]),
  );
}

function loadsOf(weights: readonly number[], bases: readonly number[], ends: readonly number[]) {
  return bases.map((base, owner) =>
    weights
      .slice(owner === 0 ? 0 : ends[owner - 1], ends[owner])
      .reduce((sum, weight) => sum + weight, base),
  );
}

const squares = (loads: readonly number[]): number =>
  loads.reduce((sum, load) => sum + load * load, 0);

test('no cut has a lighter heaviest owner, and of those none is more even', () => {
  fc.assert(
    fc.property(weightsOf, basesOf, (weights, bases) => {
      const found = loadsOf(weights, bases, contiguousCut(weights, bases));
      const all = allCuts(weights.length, bases.length).map((ends) =>
        loadsOf(weights, bases, ends),
      );
      const heaviest = Math.min(...all.map((loads) => Math.max(...loads)));
      assert.equal(Math.max(...found), heaviest);
      const even = all.filter((loads) => Math.max(...loads) === heaviest).map(squares);
      assert.equal(squares(found), Math.min(...even));
    }),
  );
});

test('the runs follow each other and end at the end', () => {
  fc.assert(
    fc.property(weightsOf, basesOf, (weights, bases) => {
      const ends = contiguousCut(weights, bases);
      assert.equal(ends.length, bases.length);
      assert.equal(ends.at(-1), weights.length);
      assert.deepEqual(
        ends,
        ends.toSorted((a, b) => a - b),
      );
    }),
  );
});

test('where cuts are equally even, the earlier runs are longer', () => {
  assert.deepEqual(contiguousCut([1, 1, 1], [0, 0]), [2, 3]);
  assert.deepEqual(contiguousCut([], [0, 0]), [0, 0]);
  assert.deepEqual(contiguousCut([5], [0, 0, 0]), [1, 1, 1]);
});
