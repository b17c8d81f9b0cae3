/** Two people in the order that the table `friendships` keeps them in. */
export function pairOf(one: string, other: string): readonly [low: string, high: string] {
  return one < other ? [one, other] : [other, one];
}
