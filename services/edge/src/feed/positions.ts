/**
 * One offset for each partition, by partition number: everything below them is behind the reader. A
 * partition that is left out is at 0, which is where a partition starts when a topic grows.
 */
export type Positions = readonly number[];

/** As the `id:` of a frame says it: `o0.o1.o2`. */
export function formatPositions(positions: Positions): string {
  return positions.join('.');
}

/** Whether `positions` are not below `others` in any partition. */
export function isAtOrPast(positions: Positions, others: Positions): boolean {
  return others.every((offset, partition) => (positions[partition] ?? 0) >= offset);
}

/** In each partition the later of the two. */
export function laterOf(a: Positions, b: Positions): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, partition) =>
    Math.max(a[partition] ?? 0, b[partition] ?? 0),
  );
}

/** How many offsets of all partitions lie from `from` up to `to`. */
export function distance(from: Positions, to: Positions): number {
  return to.reduce(
    (sum, offset, partition) => sum + Math.max(0, offset - (from[partition] ?? 0)),
    0,
  );
}
