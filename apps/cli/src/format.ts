/** Milliseconds as people say them, two digits or three: `7 d`, `29.8 h`, `10 min`, `1.5 s`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return 'unlimited';
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1_000],
  ] as const) {
    // 70 min says more than 1.2 h.
    if (ms >= 2 * size) return `${short(ms / size)} ${unit}`;
  }
  return `${short(ms)} ms`;
}

/** Bytes in binary units: `10 GiB`, `1.5 MiB`. */
export function bytes(count: number): string {
  for (const [unit, size] of [
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ] as const) {
    if (count >= size) return `${short(count / size)} ${unit}`;
  }
  return `${short(count)} B`;
}

/** A share from 0 to 1: `83.3%`. */
export function percent(share: number): string {
  return `${short(share * 100)}%`;
}

/** Sorted whole numbers with runs drawn together: `0-3, 7`. */
export function ranges(numbers: readonly number[]): string {
  const runs: { first: number; last: number }[] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run !== undefined && number === run.last + 1) run.last = number;
    else runs.push({ first: number, last: number });
  }
  return runs
    .map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`))
    .join(', ');
}

/** `1 change`, `2 changes`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
