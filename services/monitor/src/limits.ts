/** What a monitor keeps within. */
export interface MonitorLimits {
  /** From the start of one look at the cluster to the start of the next, in milliseconds. */
  readonly lookEveryMs: number;
  /** What was seen longer ago than this is not exported any more: no number is better than an old one. */
  readonly staleAfterMs: number;
  /** How long one look may read records for their timestamps. */
  readonly readMs: number;
  /** Records that one look reads timestamps of. */
  readonly readRecords: number;
  /** Partitions and groups that are exported, those of the catalog first; the rest is counted. */
  readonly partitions: number;
  readonly groups: number;
}

const LOOK_EVERY_MS = 5_000;
const STALE_AFTER_MS = 60_000;
const READ_MS = 2_000;
const READ_RECORDS = 2_000;
/** Of about ten series each. */
const PARTITIONS = 2_000;
/** Of five series for each partition that they read. */
const GROUPS = 100;

export const DEFAULT_MONITOR_LIMITS: MonitorLimits = Object.freeze({
  lookEveryMs: LOOK_EVERY_MS,
  staleAfterMs: STALE_AFTER_MS,
  readMs: READ_MS,
  readRecords: READ_RECORDS,
  partitions: PARTITIONS,
  groups: GROUPS,
});
