import { DAY, HOUR, KEPT_SECONDS, MINUTE, SECOND, type WindowWidth } from '@sori/postgres';

/**
 * How long a partition gathers records between two transactions, in milliseconds: nobody looks at a
 * second before two more have gone by, and a transaction costs as much as hundreds of records.
 */
export const GATHER_MS = 250;

/**
 * How late a record may be, for each width of windows, in seconds from its event's time to its own
 * timestamp: the record alone says so, and so it is counted in the same windows whenever and however
 * often it is read. As long as such windows are kept, and hours and days as long as the topics keep
 * their records.
 */
export const GRACE_SECONDS: Readonly<Record<WindowWidth, number>> = {
  [SECOND]: HOUR,
  [MINUTE]: 2 * DAY,
  [HOUR]: 7 * DAY,
  [DAY]: 7 * DAY,
};

/** How far an event's time may be ahead of its record's timestamp: clocks differ. Milliseconds. */
export const AHEAD_MAX_MS = 60_000;

/**
 * How long after its beginning it is remembered who was active in a window, in seconds: as long as
 * somebody may be counted in it. Of hours and days that is their grace, and as long again as the record
 * may wait in its topic, and the day itself.
 */
export const ACTIVE_USERS_KEPT_SECONDS: Readonly<Record<WindowWidth, number>> = {
  ...KEPT_SECONDS,
  [HOUR]: 15 * DAY,
  [DAY]: 15 * DAY,
};

/**
 * A window that can not be read any more is not written after this, and deleted after that, in
 * seconds: no clock of ours is so far from another.
 */
export const WRITTEN_MARGIN_SECONDS = 5 * MINUTE;
export const DELETED_MARGIN_SECONDS = 10 * MINUTE;

/** How long online people can be told second by second; then minutes keep their peaks. Seconds. */
export const ONLINE_SECONDS_KEPT = HOUR;

/** How long a session that ended is remembered, so that a late record of it is known as one. Seconds. */
export const ENDED_SESSIONS_KEPT_SECONDS = HOUR;

/** How often rows that nobody can read any more are deleted, in milliseconds. */
export const PRUNING_INTERVAL_MS = 60_000;

/** Rows that one statement deletes at most. */
export const PRUNED_ROWS = 10_000;

/** The longest text that comes from outside of the catalog and names a row, in characters. */
export const LABEL_MAX_LENGTH = 100;
