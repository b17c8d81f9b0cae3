/** What a relay keeps within. */
export interface RelayLimits {
  /** Lanes of one topic that are being published at a time: other topics' lanes go on. */
  readonly lanesPerTopic: number;
  /** Rows of one read. */
  readonly readRows: number;
  /** Values held in memory, over all lanes, in bytes. */
  readonly heldBytes: number;
  /** The pause before a standby asks for the lock again, or for a connection. */
  readonly campaignMs: number;
  /** The shortest and the longest pause between reads that find nothing. */
  readonly pollMinMs: number;
  readonly pollMaxMs: number;
  /** The first and the longest pause before a failed row is tried again. */
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
  /** How often a record is tried that the log refuses without saying that it is too large. */
  readonly refusals: number;
  /** How long disposing waits for records that the log has not acknowledged yet. */
  readonly drainMs: number;
  /** How often published rows are deleted, how many at a time, and how many stay to be looked at. */
  readonly deleteEveryMs: number;
  readonly deleteRows: number;
  readonly publishedRowsKept: number;
  /** How often the backlog is measured. */
  readonly measureEveryMs: number;
}

const LANES_PER_TOPIC = 256;
const READ_ROWS = 1_000;
const HELD_BYTES = 16 * 1024 * 1024;
const CAMPAIGN_MS = 500;
const POLL_MIN_MS = 50;
/** Well below the relay's lease: each read also renews it. */
const POLL_MAX_MS = 1_000;
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 5_000;
const REFUSALS = 5;
/** With the closing of the publisher (2 s) below the relay's lease: a drain asks the database nothing. */
const DRAIN_MS = 10_000;
const DELETE_EVERY_MS = 1_000;
const DELETE_ROWS = 5_000;
const PUBLISHED_ROWS_KEPT = 10_000;
const MEASURE_EVERY_MS = 5_000;

export const DEFAULT_RELAY_LIMITS: RelayLimits = Object.freeze({
  lanesPerTopic: LANES_PER_TOPIC,
  readRows: READ_ROWS,
  heldBytes: HELD_BYTES,
  campaignMs: CAMPAIGN_MS,
  pollMinMs: POLL_MIN_MS,
  pollMaxMs: POLL_MAX_MS,
  retryMinMs: RETRY_MIN_MS,
  retryMaxMs: RETRY_MAX_MS,
  refusals: REFUSALS,
  drainMs: DRAIN_MS,
  deleteEveryMs: DELETE_EVERY_MS,
  deleteRows: DELETE_ROWS,
  publishedRowsKept: PUBLISHED_ROWS_KEPT,
  measureEveryMs: MEASURE_EVERY_MS,
});
