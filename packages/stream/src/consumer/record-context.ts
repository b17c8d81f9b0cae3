import type { Logger } from '../ports/logger.ts';
import type { HandlerContext } from './options.ts';
import type { PendingRecord } from './pending-record.ts';

/** Made for every try; what costs something (text of the key, child logger) is made when asked for. */
export class RecordContext implements HandlerContext {
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly #pending: PendingRecord;
  readonly #logger: Logger;
  #child: Logger | undefined;

  constructor(pending: PendingRecord, signal: AbortSignal, logger: Logger) {
    this.attempt = pending.attempts + 1;
    this.signal = signal;
    this.#pending = pending;
    this.#logger = logger;
  }

  get topic(): string {
    return this.#pending.record.topic;
  }

  get partition(): number {
    return this.#pending.record.partition;
  }

  get offset(): number {
    return this.#pending.offset;
  }

  get key(): string | undefined {
    return this.#pending.record.key?.toString('utf8');
  }

  get timestamp(): number {
    return this.#pending.record.timestamp;
  }

  get logger(): Logger {
    this.#child ??= this.#logger.child(logFields(this.#pending, this.attempt));
    return this.#child;
  }
}

/** The fields that say which record a log line is about. */
export function logFields(pending: PendingRecord, attempt: number): object {
  const { topic, partition, offset, key } = pending.record;
  return {
    topic,
    partition,
    offset,
    key: key?.toString('utf8'),
    eventId: pending.event?.id,
    type: pending.event?.type,
    attempt,
  };
}
