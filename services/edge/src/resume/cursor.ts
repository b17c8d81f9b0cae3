import type { Positions } from '../feed/positions.ts';

/** More partitions than any topic here will have: a longer cursor is not ours. */
const MAX_PARTITIONS = 1_024;

const OFFSET = /^(0|[1-9]\d{0,15})$/;

/** Reads a frame's `id:` back, `o0.o1.o2`; undefined where it is not one. */
export function parseCursor(text: string): Positions | undefined {
  const parts = text.split('.', MAX_PARTITIONS + 1);
  if (parts.length > MAX_PARTITIONS || !parts.every((part) => OFFSET.test(part))) return undefined;
  const positions = parts.map(Number);
  return positions.every(Number.isSafeInteger) ? positions : undefined;
}
