/**
 * Cuts a row of weights into `bases.length` runs, some perhaps empty, so that the heaviest
 * `bases[i] + run i` is as light as it can be, and among those cuts the sum of squares is smallest
 * (as even as can be); among equals the earlier runs are longer. `bases` is what each owner has
 * already. Returns the end index of each run, the last being `weights.length`.
 *
 * The linear partition problem by dynamic programming (Skiena, The Algorithm Design Manual, section
 * 10.7), twice: once for the bottleneck, once for evenness below it. Weights are positive whole
 * numbers, so sums are exact and the result does not depend on the order of additions.
 */
export function contiguousCut(
  weights: readonly number[],
  bases: readonly number[],
): readonly number[] {
  const bottleneck = lightestBottleneck(weights, bases);
  const count = weights.length;
  const unreachable = Number.POSITIVE_INFINITY;
  // cost[i]: the least sum of squares of the runs from `owner` on, when they start at weight i.
  let cost = new Array<number>(count + 1).fill(unreachable);
  cost[count] = 0;
  const ends: Int32Array[] = [];
  for (let owner = bases.length - 1; owner >= 0; owner--) {
    const next = new Array<number>(count + 1).fill(unreachable);
    const chosen = new Int32Array(count + 1);
    for (let start = 0; start <= count; start++) {
      let load = at(bases, owner);
      for (let end = start; load <= bottleneck; end++) {
        const total = load * load + at(cost, end);
        // At a tie the longer run wins: it is met later.
        if (total <= at(next, start) && total !== unreachable) {
          next[start] = total;
          chosen[start] = end;
        }
        if (end === count) break;
        load += at(weights, end);
      }
    }
    cost = next;
    ends[owner] = chosen;
  }
  const cuts: number[] = [];
  let start = 0;
  for (const chosen of ends) {
    start = at(chosen, start);
    cuts.push(start);
  }
  return cuts;
}

/** The least load that the heaviest owner can have, by bisection: whole numbers, greedy check. */
function lightestBottleneck(weights: readonly number[], bases: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let low = Math.max(...bases);
  let high = low + total;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fits(weights, bases, middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function fits(weights: readonly number[], bases: readonly number[], limit: number): boolean {
  let taken = 0;
  for (const base of bases) {
    let load = base;
    while (taken < weights.length && load + at(weights, taken) <= limit) {
      load += at(weights, taken);
      taken += 1;
    }
  }
  return taken === weights.length;
}

function at(row: ArrayLike<number>, index: number): number {
  const value = row[index];
  if (value === undefined) throw new RangeError(`no element ${index} in a row of ${row.length}`);
  return value;
}
