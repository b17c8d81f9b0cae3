/**
 * The share of keys, 0 to 1, that a topic's growth from `from` to `to` partitions moves to another
 * partition. A key with hash h stays if h mod from = h mod to; of the lcm(from, to) residues that h
 * can have, that holds for 0 to from - 1 and no other. So with hashes spread evenly
 * from / lcm(from, to) = gcd(from, to) / to of the keys stay.
 */
export function movedKeys(from: number, to: number): number {
  return 1 - greatestCommonDivisor(from, to) / to;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
