/** What a log (Kafka) says when it cannot do what was asked. */
export type LogErrorReason =
  /** No broker can be reached, or none leads the partition, now. */
  | 'unavailable'
  | 'timed-out'
  | 'unknown-topic'
  | 'record-too-large'
  | 'not-authorized'
  /** The member, or the producer, is no longer the one that the group, or the broker, knows. */
  | 'fenced'
  | 'rejected';

/** Whether records of a failed append are in the log: certainly not, or perhaps. */
export type AppendOutcome = 'not-stored' | 'unknown';

/** A failed call of a port. */
export class LogError extends Error {
  readonly code = 'STREAM_LOG_FAILED';
  override readonly name = 'LogError';
  readonly reason: LogErrorReason;
  readonly retryable: boolean;
  /** For appends; `not-stored` on every other call. */
  readonly outcome: AppendOutcome;

  constructor(
    reason: LogErrorReason,
    message: string,
    options: ErrorOptions & { readonly outcome?: AppendOutcome } = {},
  ) {
    super(message, options);
    this.reason = reason;
    this.retryable = reason === 'unavailable' || reason === 'timed-out';
    this.outcome = options.outcome ?? 'not-stored';
  }
}

/** More is waiting to be sent than the limits allow. Try again after a moment. */
export class PublisherOverloaded extends Error {
  readonly code = 'STREAM_PUBLISHER_OVERLOADED';
  readonly retryable = true;
  override readonly name = 'PublisherOverloaded';
}

/**
 * The log did not acknowledge in time: the event may be stored or not. Publish it again with the
 * same id; readers drop the copy.
 */
export class DeliveryUnknown extends Error {
  readonly code = 'STREAM_DELIVERY_UNKNOWN';
  readonly retryable = true;
  override readonly name = 'DeliveryUnknown';
  readonly eventId: string;

  constructor(eventId: string, options?: ErrorOptions) {
    super(`the log did not acknowledge event ${eventId} in time; it may be stored`, options);
    this.eventId = eventId;
  }
}

/** The event was refused and is certainly not stored. */
export class DeliveryFailed extends Error {
  readonly code = 'STREAM_DELIVERY_FAILED';
  override readonly name = 'DeliveryFailed';
  readonly eventId: string;
  readonly retryable: boolean;

  constructor(eventId: string, message: string, retryable: boolean, options?: ErrorOptions) {
    super(message, options);
    this.eventId = eventId;
    this.retryable = retryable;
  }
}

/** A record that its topic could not take, in bytes. Refused before it is queued. */
export class RecordTooLarge extends Error {
  readonly code = 'STREAM_RECORD_TOO_LARGE';
  readonly retryable = false;
  override readonly name = 'RecordTooLarge';
  readonly bytes: number;
  readonly limitBytes: number;

  constructor(topic: string, bytes: number, limitBytes: number) {
    super(`a record of ${bytes} bytes is over the limit of ${topic}, ${limitBytes} bytes`);
    this.bytes = bytes;
    this.limitBytes = limitBytes;
  }
}

/** The publisher or consumer was closed while, or before, this was asked of it. */
export class StreamClosed extends Error {
  readonly code = 'STREAM_CLOSED';
  readonly retryable = false;
  override readonly name = 'StreamClosed';
}

/**
 * Thrown by a handler whose dependency (a database, another service) is away: the record keeps its
 * attempts and the consumer waits for the dependency.
 */
export class DependencyUnavailable extends Error {
  readonly code = 'STREAM_DEPENDENCY_UNAVAILABLE';
  readonly retryable = true;
  override readonly name = 'DependencyUnavailable';
  readonly dependency: string;

  constructor(dependency: string, options?: ErrorOptions) {
    super(`${dependency} is unavailable`, options);
    this.dependency = dependency;
  }
}
