import { type AppendOutcome, LogError, type LogErrorReason } from '@sori/stream';

/**
 * The client's errors as this adapter reads them: by their fields, because a failed call is a tree
 * of errors (every try, every broker, every partition of a response).
 */
interface ClientError extends Error {
  readonly code?: string;
  /** A broker's error code by its name in the protocol, as `NOT_LEADER_OR_FOLLOWER`. */
  readonly apiId?: string;
  /** What the broker added to its error code. */
  readonly serverErrorMessage?: string | null;
  readonly errors?: readonly unknown[];
  /** The client, or its pool, was closed by us. */
  readonly closed?: boolean;
}

/** Names of protocol errors by what they mean to a caller; the rest is `rejected`. */
const REASON_BY_API_ID: Readonly<Record<string, LogErrorReason>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'unknown-topic',
  UNKNOWN_TOPIC_ID: 'unknown-topic',
  INCONSISTENT_TOPIC_ID: 'unknown-topic',
  INVALID_TOPIC_EXCEPTION: 'unknown-topic',
  REQUEST_TIMED_OUT: 'timed-out',
  MESSAGE_TOO_LARGE: 'record-too-large',
  RECORD_LIST_TOO_LARGE: 'record-too-large',
  TOPIC_AUTHORIZATION_FAILED: 'not-authorized',
  GROUP_AUTHORIZATION_FAILED: 'not-authorized',
  CLUSTER_AUTHORIZATION_FAILED: 'not-authorized',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'not-authorized',
  SASL_AUTHENTICATION_FAILED: 'not-authorized',
  UNSUPPORTED_SASL_MECHANISM: 'not-authorized',
  ILLEGAL_SASL_STATE: 'not-authorized',
  INVALID_PRODUCER_EPOCH: 'fenced',
  PRODUCER_FENCED: 'fenced',
  ILLEGAL_GENERATION: 'fenced',
  UNKNOWN_MEMBER_ID: 'fenced',
  MEMBER_ID_REQUIRED: 'fenced',
  REBALANCE_IN_PROGRESS: 'fenced',
  FENCED_INSTANCE_ID: 'fenced',
  FENCED_MEMBER_EPOCH: 'fenced',
  STALE_MEMBER_EPOCH: 'fenced',
  LEADER_NOT_AVAILABLE: 'unavailable',
  NOT_LEADER_OR_FOLLOWER: 'unavailable',
  FENCED_LEADER_EPOCH: 'unavailable',
  UNKNOWN_LEADER_EPOCH: 'unavailable',
  BROKER_NOT_AVAILABLE: 'unavailable',
  REPLICA_NOT_AVAILABLE: 'unavailable',
  NETWORK_EXCEPTION: 'unavailable',
  NOT_ENOUGH_REPLICAS: 'unavailable',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'unavailable',
  KAFKA_STORAGE_ERROR: 'unavailable',
  OFFSET_NOT_AVAILABLE: 'unavailable',
  COORDINATOR_LOAD_IN_PROGRESS: 'unavailable',
  COORDINATOR_NOT_AVAILABLE: 'unavailable',
  NOT_COORDINATOR: 'unavailable',
  NOT_CONTROLLER: 'unavailable',
  THROTTLING_QUOTA_EXCEEDED: 'unavailable',
  UNSTABLE_OFFSET_COMMIT: 'unavailable',
};

/**
 * Answers to a produce request that are given before anything is appended. Not among them:
 * NOT_LEADER_OR_FOLLOWER and UNKNOWN_TOPIC_OR_PARTITION, which a broker that loses the partition
 * also gives to requests it has appended and still waits to see replicated.
 */
const REFUSED_BEFORE_APPEND: ReadonlySet<string> = new Set([
  'CORRUPT_MESSAGE',
  'MESSAGE_TOO_LARGE',
  'INVALID_TOPIC_EXCEPTION',
  'RECORD_LIST_TOO_LARGE',
  'NOT_ENOUGH_REPLICAS',
  'INVALID_REQUIRED_ACKS',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_TIMESTAMP',
  'POLICY_VIOLATION',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
  'UNKNOWN_PRODUCER_ID',
  'UNSUPPORTED_COMPRESSION_TYPE',
  'INVALID_RECORD',
  'PRODUCER_FENCED',
]);

/** The client's words for a request that never had a connection to be written to. */
const NEVER_CONNECTED =
  /^(Connection to \S+ (failed|timed out)\.|Connection ready timed out|Connection closed while waiting for ready|Cannot get a connection)/;

/** Errors that the client itself raises before a request exists. */
const RAISED_LOCALLY: ReadonlySet<string> = new Set([
  'PLT_KFK_USER',
  'PLT_KFK_AUTHENTICATION',
  'PLT_KFK_UNSUPPORTED',
  'PLT_KFK_UNSUPPORTED_API',
  'PLT_KFK_UNSUPPORTED_COMPRESSION',
]);

/** A failed call, other than an append, as a LogError. `what` says what failed: constant text. */
export function toLogError(error: unknown, what: string): LogError {
  return wrap(error, what, 'not-stored');
}

/**
 * A failed append as a LogError: `not-stored` only if every try is known to have stored nothing,
 * since an earlier try may have reached the broker that a later one could not.
 */
export function toAppendError(error: unknown, what: string): LogError {
  return wrap(error, what, leavesOf(error).every(storedNothing) ? 'not-stored' : 'unknown');
}

/** Whether the answer was that no such topic or partition exists. */
export function isUnknownTopic(error: unknown): boolean {
  return reasonOf(decisiveLeaf(error)) === 'unknown-topic';
}

/** Whether any error of the tree is the broker's `apiId`, as `INVALID_FETCH_SESSION_EPOCH`. */
export function hasApiId(error: unknown, apiIds: ReadonlySet<string>): boolean {
  return leavesOf(error).some(
    (leaf) => isClientError(leaf) && leaf.apiId !== undefined && apiIds.has(leaf.apiId),
  );
}

/** Whether a connection failed or a request went unanswered, rather than a broker saying no. */
export function gotNoAnswer(error: unknown): boolean {
  return leavesOf(error).some((leaf) => isClientError(leaf) && leaf.code === 'PLT_KFK_NETWORK');
}

function wrap(error: unknown, what: string, outcome: AppendOutcome): LogError {
  if (error instanceof LogError) return error;
  const leaf = decisiveLeaf(error);
  return new LogError(reasonOf(leaf), `${what}: ${detailOf(leaf)}`, { cause: error, outcome });
}

/** The broker's own words where it gave some: they name the value that it refuses. */
function detailOf(leaf: unknown): string {
  if (!isClientError(leaf)) return String(leaf);
  return leaf.serverErrorMessage ? `${leaf.message} ${leaf.serverErrorMessage}` : leaf.message;
}

/**
 * The error that decides why a call failed: of several tries the last, because an earlier one was
 * retried; of several partitions in one response the one that trying again cannot help.
 */
function decisiveLeaf(error: unknown): unknown {
  if (!isClientError(error)) return error;
  const errors = childrenOf(error);
  if (errors.length === 0) return error;
  if (error.code === 'PLT_KFK_RESPONSE') {
    return errors.find((child) => !isTransient(reasonOf(child))) ?? errors.at(-1);
  }
  // Closing ends a retry with an error of its own, which says nothing about why it was retried.
  return decisiveLeaf(errors.findLast((child) => !isOwnClose(child)) ?? errors.at(-1));
}

function reasonOf(leaf: unknown): LogErrorReason {
  if (leaf instanceof LogError) return leaf.reason;
  if (!isClientError(leaf)) return 'rejected';
  if (leaf.apiId !== undefined) return REASON_BY_API_ID[leaf.apiId] ?? 'rejected';
  switch (leaf.code) {
    case 'PLT_KFK_NETWORK':
      if (isClientError(leaf.cause) && leaf.cause.code === 'PLT_KFK_AUTHENTICATION') {
        return 'not-authorized';
      }
      return leaf.message === 'Request timed out' ? 'timed-out' : 'unavailable';
    case 'PLT_KFK_UNEXPECTED_CORRELATION_ID':
      return 'unavailable';
    case 'PLT_KFK_AUTHENTICATION':
      return 'not-authorized';
    case 'PLT_KFK_USER':
      if (leaf.message.startsWith('Unknown topic')) return 'unknown-topic';
      // A broker that is down, or fenced, is not in the metadata.
      if (leaf.message.startsWith('Cannot find broker')) return 'unavailable';
      return isOwnClose(leaf) ? 'unavailable' : 'rejected';
    default:
      return 'rejected';
  }
}

function storedNothing(leaf: unknown): boolean {
  if (!isClientError(leaf)) return false;
  if (leaf.apiId !== undefined) return REFUSED_BEFORE_APPEND.has(leaf.apiId);
  if (isOwnClose(leaf)) return true;
  if (leaf.code === 'PLT_KFK_NETWORK') return NEVER_CONNECTED.test(leaf.message);
  return leaf.code !== undefined && RAISED_LOCALLY.has(leaf.code);
}

function isOwnClose(error: unknown): boolean {
  return (
    isClientError(error) &&
    (error.closed === true || error.message.startsWith('Client closed while retrying'))
  );
}

function isTransient(reason: LogErrorReason): boolean {
  return reason === 'unavailable' || reason === 'timed-out';
}

function leavesOf(error: unknown): readonly unknown[] {
  const errors = childrenOf(error);
  return errors.length === 0 ? [error] : errors.flatMap(leavesOf);
}

function childrenOf(error: unknown): readonly unknown[] {
  return isClientError(error) ? (error.errors ?? []).filter((child) => child !== undefined) : [];
}

function isClientError(error: unknown): error is ClientError {
  return error instanceof Error;
}
