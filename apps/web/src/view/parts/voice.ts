/** How somebody looks on the page: the same everywhere, made of nothing but their id. */
export interface Voice {
  /** Degrees of the colour wheel. */
  readonly hue: number;
  /** Heights of the five bars, from 0 up to 1. */
  readonly bars: readonly number[];
}

/** Hues that stay apart from each other, and from the colours that mean something. */
const HUES = [25, 62, 98, 150, 195, 240, 285, 340];
const BARS = 5;
const STEPS = 6;
/** The middle of a voice is its loudest, as in the product's mark. */
const ENVELOPE = [0.5, 0.8, 1, 0.8, 0.5];

export function voiceOf(id: string): Voice {
  let hash = fnv1a(id);
  const hue = HUES[hash % HUES.length] ?? 0;
  const bars: number[] = [];
  for (let bar = 0; bar < BARS; bar += 1) {
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
    const step = hash % STEPS;
    bars.push((0.25 + (0.75 * step) / (STEPS - 1)) * (ENVELOPE[bar] ?? 1));
  }
  return { hue, bars };
}

/** FNV-1a, 32 bits (draft-eastlake-fnv): short, and spreads short ids well enough for a picture. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
