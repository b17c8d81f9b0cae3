import { Socket } from 'node:net';
import { type Clock, DependencyUnavailable, systemClock } from '@sori/stream';
import { Client } from 'pg';
import { endsConnection, POSTGRES, toPostgresError } from './errors.ts';
import {
  CLOSE_TIMEOUT_MS,
  CONNECT_TIMEOUT_MS,
  LOCK_TIMEOUT_MS,
  STATEMENT_TIMEOUT_MS,
} from './limits.ts';
import { runStatement } from './pool.ts';
import type { Queryable, Statement } from './queryable.ts';

export interface SessionOptions {
  readonly url: string;
  readonly applicationName: string;
  /**
   * How long the server keeps a session that asks nothing, in milliseconds: then it ends it, and
   * its locks with it. So a holder that stands still, or whose network is gone, is not waited for
   * longer than this.
   */
  readonly leaseMs: number;
  /** A NOTIFY channel to listen on, and what to call. */
  readonly listen?: { readonly channel: string; readonly notified: () => void };
  readonly clock?: Clock | undefined;
}

/** A connection outside the pool, for what belongs to a session: advisory locks, LISTEN. */
export interface Session extends Queryable, AsyncDisposable {
  /** Aborts when the connection has ended; the reason is a DependencyUnavailable. */
  readonly lost: AbortSignal;
  /**
   * Whether the session surely lives at this moment: it is not lost, and an answered query was
   * sent less than the lease ago.
   */
  isAlive(): boolean;
}

/** Connects. Rejects with DependencyUnavailable when the server is away. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { leaseMs, listen } = options;
  const clock = options.clock ?? systemClock;
  const losing = new AbortController();
  const socket = new Socket();
  const client = new Client({
    stream: () => socket,
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    query_timeout: leaseMs,
    keepAlive: true,
    options: `-c idle_session_timeout=${leaseMs}`,
  });
  const lose = (cause: unknown): void => {
    if (losing.signal.aborted) return;
    losing.abort(new DependencyUnavailable(POSTGRES, { cause }));
  };
  client.on('error', lose);
  client.on('end', () => lose(new Error('the session has ended')));
  if (listen !== undefined) client.on('notification', () => listen.notified());

  let aliveUntil = 0;
  async function query<Row extends object>(
    statement: Statement | string,
    values?: readonly unknown[],
  ) {
    losing.signal.throwIfAborted();
    const sentAt = clock.now();
    try {
      const result = await runStatement<Row>(client, statement, values);
      aliveUntil = sentAt + leaseMs;
      return result;
    } catch (error) {
      if (endsConnection(error)) lose(error);
      throw error;
    }
  }

  const session: Session = {
    query,
    lost: losing.signal,
    isAlive: () => !losing.signal.aborted && clock.now() < aliveUntil,
    async [Symbol.asyncDispose]() {
      lose(new Error('the session was closed'));
      // A server that hangs takes no goodbye.
      using _timer = clock.setTimer(() => socket.destroy(), CLOSE_TIMEOUT_MS);
      await client.end();
    },
  };
  try {
    await client.connect();
    await query(
      listen === undefined ? 'SELECT 1' : `LISTEN ${client.escapeIdentifier(listen.channel)}`,
    );
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw toPostgresError(error);
  }
  return session;
}
