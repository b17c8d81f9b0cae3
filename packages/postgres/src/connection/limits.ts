/** How long a statement may run on the server, in milliseconds. Then it is cancelled. */
export const STATEMENT_TIMEOUT_MS = 10_000;

/** How long a statement may wait for a lock, in milliseconds. */
export const LOCK_TIMEOUT_MS = 5_000;

/** How long a transaction may sit between two statements before the server ends its connection. */
export const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;

/** How long to wait for an answer, in milliseconds: for servers that do not even cancel. */
export const QUERY_TIMEOUT_MS = 15_000;

/** How long to wait for a free connection of the pool, or for a new one, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 5_000;

/** After this, in milliseconds, a session that is closed stops being polite. */
export const CLOSE_TIMEOUT_MS = 2_000;

export const POOL_MAX_CONNECTIONS = 10;

/** How often a transaction is tried that lost against another one. */
export const TRANSACTION_ATTEMPTS = 5;

/** The longest pause before such a try, in milliseconds; a random part of it times the try. */
export const TRANSACTION_BACKOFF_MS = 20;
