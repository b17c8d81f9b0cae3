import { setTimeout as delay } from 'node:timers/promises';
import { DependencyUnavailable } from '@sori/stream';
import { endsConnection, isTransactionConflict, POSTGRES } from './errors.ts';
import { TRANSACTION_ATTEMPTS, TRANSACTION_BACKOFF_MS } from './limits.ts';
import type { Pool } from './pool.ts';
import type { Queryable } from './queryable.ts';

/**
 * Runs `work` in one transaction (read committed) and commits it; whatever `work` throws rolls it
 * back and is thrown on. After a deadlock or a serialization failure the whole is run again, up to
 * TRANSACTION_ATTEMPTS times: `work` changes nothing but the database.
 *
 * Rejects with DependencyUnavailable when the server is away, or conflicts do not end. If the
 * connection is lost during the commit, the same error leaves open whether it took place.
 */
export async function transaction<T>(
  pool: Pool,
  work: (connection: Queryable) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await pool.withConnection((connection) => attemptOn(connection, work));
    } catch (error) {
      if (!isTransactionConflict(error)) throw error;
      if (attempt === TRANSACTION_ATTEMPTS) {
        throw new DependencyUnavailable(POSTGRES, { cause: error });
      }
    }
    await delay(Math.random() * TRANSACTION_BACKOFF_MS * attempt);
  }
}

async function attemptOn<T>(
  connection: Queryable,
  work: (connection: Queryable) => Promise<T>,
): Promise<T> {
  await connection.query('BEGIN');
  let result: T;
  try {
    result = await work(connection);
  } catch (error) {
    // A connection that does not answer is dropped: asking it for a ROLLBACK would wait once more.
    if (!endsConnection(error)) await rollBack(connection);
    throw error;
  }
  // A failed COMMIT needs no ROLLBACK: the transaction is over, or the connection is.
  const { command } = await connection.query('COMMIT');
  if (command !== 'COMMIT') {
    throw new Error('work caught the error of a statement: the transaction was rolled back');
  }
  return result;
}

/** Ends the transaction; a connection that cannot is dropped, which ends it too. */
async function rollBack(connection: Queryable): Promise<void> {
  try {
    await connection.query('ROLLBACK');
  } catch (error) {
    if (!(error instanceof DependencyUnavailable)) throw error;
  }
}
