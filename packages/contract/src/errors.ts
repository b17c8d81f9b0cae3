/** A definition (topic, event, group, catalog) that breaks a rule; thrown while the program loads. */
export class DefinitionError extends Error {
  readonly code = 'CONTRACT_DEFINITION_INVALID';
  readonly retryable = false;
  override readonly name = 'DefinitionError';
}

/** One place where event data does not match its schema. */
export interface DataProblem {
  /** JSON pointer into the data, `''` for the whole. */
  readonly path: string;
  /** What was expected there. */
  readonly message: string;
}

/** Event data that its schema refuses. Thrown before anything is queued. */
export class InvalidEventData extends Error {
  readonly code = 'CONTRACT_EVENT_DATA_INVALID';
  readonly retryable = false;
  override readonly name = 'InvalidEventData';
  readonly type: string;
  readonly problems: readonly DataProblem[];

  constructor(type: string, problems: readonly DataProblem[]) {
    const first = problems[0];
    super(
      `${type}: ${first === undefined ? 'invalid data' : `${first.path || '/'} ${first.message}`}`,
    );
    this.type = type;
    this.problems = problems;
  }
}

/** Why a record is not an event of the catalog. */
export type UndecodableReason =
  | 'tombstone'
  | 'missing-header'
  | 'invalid-header'
  | 'unknown-type'
  | 'unknown-version'
  | 'not-json'
  | 'invalid-data'
  | 'wrong-key';

/** A record that does not hold an event of the catalog. Trying again cannot help. */
export class UndecodableRecord extends Error {
  readonly code = 'CONTRACT_RECORD_UNDECODABLE';
  readonly retryable = false;
  override readonly name = 'UndecodableRecord';
  readonly reason: UndecodableReason;

  constructor(reason: UndecodableReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
