import { DependencyUnavailable } from '@sori/stream';
import { DatabaseError } from 'pg';

/** What DependencyUnavailable names. */
export const POSTGRES = 'postgres';

/**
 * States, or classes of two characters, in which the server cannot serve anybody now, or not this
 * statement in time. PostgreSQL documentation, appendix A.
 */
const UNAVAILABLE_STATES: readonly string[] = [
  '08', // connection exceptions
  '53', // insufficient resources: too many connections, disk full, out of memory
  '57', // operator intervention: shutting down, starting up, statement timeout
  '58', // system errors
  '25006', // read-only: a former primary after a failover
  '25P03', // idle in a transaction for too long: this process stood still
  '25P04', // a transaction took too long
  '55P03', // lock not available in time
];

const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT', // a socket file that is gone
]);

/** The words of pg and pg-pool for connections that ended or did not come; they have no codes. */
const CONNECTION_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end)/;

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const UNIQUE_VIOLATION = '23505';

/** Makes DependencyUnavailable of an error that says so; any other error stays what it is. */
export function toPostgresError(error: unknown): unknown {
  return meansUnavailable(error) ? new DependencyUnavailable(POSTGRES, { cause: error }) : error;
}

/** Whether a query's error, as `toPostgresError` gives it, leaves a connection of no further use. */
export function endsConnection(error: unknown): boolean {
  if (!(error instanceof DependencyUnavailable)) return false;
  // A statement that was only cancelled or refused leaves the connection as it was.
  return !(error.cause instanceof DatabaseError) || error.cause.severity !== 'ERROR';
}

/**
 * Whether an error is a violation of a unique constraint or index; of the named one, if given.
 * Names are in the migrations: `users_handle`, `rooms_direct_pair_key`, `room_members_current`, …
 */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof DatabaseError) || error.code !== UNIQUE_VIOLATION) return false;
  return constraint === undefined || error.constraint === constraint;
}

/** Whether the transaction lost against another one and would pass if it ran again. */
export function isTransactionConflict(error: unknown): boolean {
  return (
    error instanceof DatabaseError &&
    (error.code === SERIALIZATION_FAILURE || error.code === DEADLOCK_DETECTED)
  );
}

function meansUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseError) {
    const state = error.code ?? '';
    return UNAVAILABLE_STATES.some((prefix) => state.startsWith(prefix));
  }
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return NETWORK_CODES.has(code) || CONNECTION_MESSAGES.test(error.message);
}
