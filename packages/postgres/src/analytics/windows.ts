/** How long a window of time is, in seconds. It begins at a multiple of that since the epoch (UTC). */
export type WindowWidth = 1 | 60 | 3_600 | 86_400;

export const SECOND = 1 as const;
export const MINUTE = 60 as const;
export const HOUR = 3_600 as const;
export const DAY = 86_400 as const;

/**
 * How long a window can be read after its beginning, in seconds. It is deleted some time later, so that
 * no answer shows one that was deleted and begun anew by a record that came late.
 */
export const KEPT_SECONDS: Readonly<Record<WindowWidth, number>> = {
  [SECOND]: HOUR,
  [MINUTE]: 2 * DAY,
  [HOUR]: Number.POSITIVE_INFINITY,
  [DAY]: Number.POSITIVE_INFINITY,
};

/** The same for the hours of rooms: their rows grow with the product, and not only with time. */
export const ROOM_HOURS_KEPT_SECONDS = 90 * DAY;

/** A window. `start` in seconds since the epoch. */
export interface Window {
  readonly width: WindowWidth;
  readonly start: number;
}

/** Where the window that a time falls into begins; both in seconds since the epoch. */
export function windowStart(seconds: number, width: WindowWidth): number {
  return Math.floor(seconds / width) * width;
}

/** Some windows of one width: those that begin in [from, to), in seconds since the epoch. */
export interface WindowRange {
  readonly width: WindowWidth;
  readonly from: number;
  readonly to: number;
}

/** Where each window of a range begins. */
export function windowStarts({ width, from, to }: WindowRange): readonly number[] {
  const first = Math.ceil(from / width);
  const last = Math.ceil(to / width);
  return Array.from({ length: Math.max(0, last - first) }, (_, index) => (first + index) * width);
}
