/**
 * How fast time runs in the rules. Tests on a running system take the very same rules with a speed-up,
 * so that an alert that holds back for minutes fires within seconds.
 */
export interface Timing {
  readonly scrapeSeconds: number;
  readonly evaluateSeconds: number;
  /** Every window and every `for` of the rules is divided by it. Thresholds are not. */
  readonly speedUp: number;
}

export const PRODUCTION: Timing = Object.freeze({
  scrapeSeconds: 5,
  evaluateSeconds: 5,
  speedUp: 1,
});

/** A rate needs two samples in its window, and a scrape may be late or lost. */
const SCRAPES_IN_A_WINDOW = 4;

const SECONDS_IN_A_MINUTE = 60;

/** A range, as `5m`: never so short that a lost scrape empties it. */
export function rangeOf(seconds: number, timing: Timing): string {
  const shortest = SCRAPES_IN_A_WINDOW * timing.scrapeSeconds;
  return toDuration(Math.max(shortest, Math.round(seconds / timing.speedUp)));
}

/** How long an alert holds back before it fires, as `5m`. */
export function holdOf(seconds: number, timing: Timing): string {
  return toDuration(Math.round(seconds / timing.speedUp));
}

export function toDuration(seconds: number): string {
  const isWholeMinutes = seconds > 0 && seconds % SECONDS_IN_A_MINUTE === 0;
  return isWholeMinutes ? `${seconds / SECONDS_IN_A_MINUTE}m` : `${seconds}s`;
}
