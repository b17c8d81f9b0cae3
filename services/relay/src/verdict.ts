import { DeliveryFailed, LogError, RecordTooLarge } from '@sori/stream';

/**
 * What a failed publish means for its row.
 * - `retry`: the fault lies elsewhere (brokers away, topic missing, no permission, outcome unknown),
 *   and can be mended: the row is tried until it passes, and its key waits for it.
 * - `refused`: the log refused the batch that the record was in, perhaps for another's sake.
 * - `park`: no try can publish this record.
 */
export type Verdict = 'retry' | 'refused' | 'park';

export function verdictOn(error: unknown): Verdict {
  if (error instanceof RecordTooLarge) return 'park';
  if (!(error instanceof DeliveryFailed) || error.retryable) return 'retry';
  if (!(error.cause instanceof LogError)) return 'retry';
  switch (error.cause.reason) {
    case 'record-too-large':
      return 'park';
    case 'rejected':
      return 'refused';
    case 'unavailable':
    case 'timed-out':
    case 'unknown-topic':
    case 'not-authorized':
    case 'fenced':
      return 'retry';
  }
}

/** The code of an error, for a metric's label. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
}
