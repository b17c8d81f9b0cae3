import { DependencyUnavailable, type Logger } from '@sori/stream';
import { type ClientBase, Pool as PgPool } from 'pg';
import { endsConnection, toPostgresError } from './errors.ts';
import {
  CONNECT_TIMEOUT_MS,
  IDLE_IN_TRANSACTION_TIMEOUT_MS,
  LOCK_TIMEOUT_MS,
  POOL_MAX_CONNECTIONS,
  QUERY_TIMEOUT_MS,
  STATEMENT_TIMEOUT_MS,
} from './limits.ts';
import type { Queryable, QueryResult, Statement } from './queryable.ts';

export interface PoolOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** What pg_stat_activity calls the connections, as `gateway`. */
  readonly applicationName: string;
  readonly logger: Logger;
  /** The most connections; POOL_MAX_CONNECTIONS unless given. */
  readonly max?: number | undefined;
}

/** Connections, opened when they are needed. Disposing waits for those in use. */
export interface Pool extends Queryable, AsyncDisposable {
  /** Runs `work` on one connection, which is its own until it settles. */
  withConnection<T>(work: (connection: Queryable) => Promise<T>): Promise<T>;
}

/** Makes a pool. Nothing connects until it is used, and an outage of the server ends nothing. */
export function createPool(options: PoolOptions): Pool {
  const { logger } = options;
  const pool = new PgPool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.max ?? POOL_MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  });
  let away = false;
  let ended: Promise<void> | undefined;

  function failed(err: unknown): void {
    if (away) return;
    away = true;
    logger.warn({ err }, 'postgres is unavailable');
  }

  function answered(): void {
    if (!away) return;
    away = false;
    logger.info({}, 'postgres is available again');
  }

  // An idle connection was lost: the pool has dropped it, and the next query opens another.
  pool.on('error', failed);
  // Nobody else listens between a connection's becoming ready and our having it; ended in the same
  // packet, it would end the process. Whatever is asked of it then says that it has ended.
  pool.on('connect', (client) => {
    client.on('error', () => {});
  });

  async function withConnection<T>(work: (connection: Queryable) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((error: unknown): never => {
      const mapped = toPostgresError(error);
      if (mapped instanceof DependencyUnavailable) failed(error);
      throw mapped;
    });
    let broken = false;
    // While it is lent, the pool does not listen; an unheard 'error' event ends the process.
    const onError = (error: unknown): void => {
      broken = true;
      failed(error);
    };
    client.on('error', onError);
    const connection: Queryable = {
      async query<Row extends object>(statement: Statement | string, values?: readonly unknown[]) {
        try {
          const result = await runStatement<Row>(client, statement, values);
          answered();
          return result;
        } catch (error) {
          if (endsConnection(error)) onError(error);
          throw error;
        }
      },
    };
    try {
      return await work(connection);
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  return {
    withConnection,
    query: (statement, values) =>
      withConnection((connection) => connection.query(statement, values)),
    [Symbol.asyncDispose]() {
      ended ??= pool.end();
      return ended;
    },
  };
}

/** Runs a statement on pg's client; its errors as Queryable says. */
export async function runStatement<Row extends object>(
  client: ClientBase,
  statement: Statement | string,
  values: readonly unknown[] = [],
): Promise<QueryResult<Row>> {
  const config = typeof statement === 'string' ? { text: statement } : statement;
  try {
    const result = await client.query<Row>({ ...config, values: [...values] });
    return { rows: result.rows, rowCount: result.rowCount ?? 0, command: result.command };
  } catch (error) {
    throw toPostgresError(error);
  }
}
