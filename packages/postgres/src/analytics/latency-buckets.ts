/*
 * Latencies as counts in fixed buckets: counts of any windows and processes can be added, and still
 * give percentiles. A bucket is a range of whole milliseconds that is at most a tenth wider than its
 * lower bound (below 20 ms it is a single one), and stands for its middle. So whatever was counted is
 * told within 5% of what it was.
 *
 * The bounds are the meaning of stored numbers: they never change.
 */

/** How far a percentile may be off, as a share of the latency that it stands for. */
export const LATENCY_BUCKET_ERROR = 0.05;

const GROWTH_PARTS = 10;

/** As long as records are kept; whatever is above is counted in one last bucket. Milliseconds. */
const LONGEST_MS = 7 * 86_400_000;

/** The lowest latency of each bucket, in milliseconds. */
const LOWER_BOUNDS: readonly number[] = lowerBounds();

function lowerBounds(): readonly number[] {
  const bounds: number[] = [];
  for (let lower = 0; lower < LONGEST_MS; ) {
    bounds.push(lower);
    lower += Math.max(1, Math.floor(lower / GROWTH_PARTS));
  }
  return [...bounds, LONGEST_MS];
}

/** The bucket of a latency in milliseconds; a negative one (clocks differ) counts as none. */
export function latencyBucket(ms: number): number {
  const whole = Math.max(0, Math.floor(ms));
  let low = 0;
  let high = LOWER_BOUNDS.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((LOWER_BOUNDS[middle] ?? 0) <= whole) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What a bucket stands for, in milliseconds: its middle; of the last one, its lower bound. */
export function latencyOfBucket(bucket: number): number {
  const lower = LOWER_BOUNDS[bucket];
  if (lower === undefined) throw new RangeError(`there is no latency bucket ${bucket}`);
  const next = LOWER_BOUNDS[bucket + 1];
  return next === undefined ? lower : (lower + next - 1) / 2;
}

/** How many records a bucket holds. */
export interface BucketCount {
  readonly bucket: number;
  readonly records: number;
}

/** Milliseconds, each within LATENCY_BUCKET_ERROR of the latency at that rank. */
export interface LatencyPercentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/**
 * Percentiles by nearest rank: the smallest latency that at least so many percent do not exceed.
 * Counts of one bucket may come in parts. Undefined where nothing was counted.
 */
export function latencyPercentiles(counts: readonly BucketCount[]): LatencyPercentiles | undefined {
  const sorted = counts.toSorted((one, other) => one.bucket - other.bucket);
  const total = sorted.reduce((sum, { records }) => sum + records, 0);
  if (total === 0) return undefined;
  const at = (percent: number): number => {
    let left = Math.ceil((total * percent) / 100);
    for (const { bucket, records } of sorted) {
      left -= records;
      if (left <= 0) return latencyOfBucket(bucket);
    }
    throw new RangeError(`there is no percentile ${percent}`);
  };
  return { p50: at(50), p95: at(95), p99: at(99) };
}
