/** The last millisecond of the year 9999: later times have no RFC 3339 form. */
const LATEST_MS = Date.UTC(9_999, 11, 31, 23, 59, 59, 999);
const INT4_MAX = 2 ** 31 - 1;

/*
 * What the events' schemas allow and PostgreSQL's types do not. One such record must not hold its
 * partition up, and the same record must always become the same row.
 */

/** Milliseconds since the epoch of an event's time, within 1970 to 9999. */
export function storableTime(time: string): number {
  return Math.min(Math.max(0, Date.parse(time)), LATEST_MS);
}

/** A members' version; rooms have none above that of a 4-byte integer. */
export function storableVersion(version: number): number {
  return Math.min(version, INT4_MAX);
}
