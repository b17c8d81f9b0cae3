/** Milliseconds, to a tenth. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Nearest-rank percentiles; undefined of nothing. */
export function percentiles(milliseconds: readonly number[]): Percentiles | undefined {
  if (milliseconds.length === 0) return undefined;
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const rank = Math.max(1, Math.ceil(share * sorted.length));
    return Math.round((sorted[rank - 1] ?? 0) * 10) / 10;
  };
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
