/** What a publisher keeps within. Sizes are of encoded records: key, value, headers and framing. */
export interface PublisherLimits {
  /** How long an idle lane waits for company before it sends its first record. */
  readonly lingerMs: number;
  readonly batchRecords: number;
  /** A batch is also never larger than its topic's max.message.bytes. */
  readonly batchBytes: number;
  /** Records taken and not yet settled, over all lanes. */
  readonly bufferedRecords: number;
  readonly bufferedBytes: number;
  /** The part of both buffer limits, 0 to 1, that one lane may fill, so that others go on. */
  readonly laneShare: number;
  /** From `publish` to its rejection if nothing is heard. */
  readonly deliveryDeadlineMs: number;
  /** The pause after a failed append or a failed opening: flat, so that a failover is noticed soon. */
  readonly retryBackoffMs: number;
  /** How long disposing waits for what was taken. */
  readonly closeTimeoutMs: number;
}

export const LINGER_MS = 2;
export const BATCH_RECORDS = 10_000;
export const BATCH_BYTES = 900 * 1024;
export const BUFFERED_RECORDS = 100_000;
export const BUFFERED_BYTES = 32 * 1024 * 1024;
export const LANE_SHARE = 0.5;
export const DELIVERY_DEADLINE_MS = 30_000;
export const RETRY_BACKOFF_MS = 250;
export const CLOSE_TIMEOUT_MS = 10_000;

/** How late a delivery deadline may be noticed: spares a timer for each record of an outage. */
export const DEADLINE_RESOLUTION_MS = 100;

/** While the log refuses, one line is logged in this time. */
export const OUTAGE_LOG_INTERVAL_MS = 10_000;

export const DEFAULT_PUBLISHER_LIMITS: PublisherLimits = Object.freeze({
  lingerMs: LINGER_MS,
  batchRecords: BATCH_RECORDS,
  batchBytes: BATCH_BYTES,
  bufferedRecords: BUFFERED_RECORDS,
  bufferedBytes: BUFFERED_BYTES,
  laneShare: LANE_SHARE,
  deliveryDeadlineMs: DELIVERY_DEADLINE_MS,
  retryBackoffMs: RETRY_BACKOFF_MS,
  closeTimeoutMs: CLOSE_TIMEOUT_MS,
});
