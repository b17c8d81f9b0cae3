import type { Clock } from '@sori/stream';
import type { Statement } from '../connection/queryable.ts';
import { openSession, type Session } from '../connection/session.ts';
import { OUTBOX_RELAY_LOCK } from '../locks.ts';
import { OUTBOX_CHANNEL } from './relay-waker.ts';

/** How long a relay that stands still keeps the others waiting, in milliseconds. */
export const RELAY_LEASE_MS = 15_000;

export interface RelaySessionOptions {
  readonly url: string;
  readonly applicationName: string;
  /** RELAY_LEASE_MS unless given. */
  readonly leaseMs?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Called when rows were added to the outbox, some time after. Not a promise: poll too. */
  readonly appended: () => void;
}

// Tried again and again, not waited for: a statement that waits would hold a snapshot all the
// while, and with it every vacuum of the database.
const TRY_LOCK: Statement = {
  name: 'outbox-try-relay-lock',
  text: 'SELECT pg_try_advisory_lock($1, 0) AS locked',
};

/**
 * Connects as a relay. Its lock, its reads and its marks belong on this one connection: whoever has
 * lost the lock cannot mark either.
 */
export async function openRelaySession(options: RelaySessionOptions): Promise<Session> {
  const session = await openSession({
    url: options.url,
    applicationName: options.applicationName,
    leaseMs: options.leaseMs ?? RELAY_LEASE_MS,
    clock: options.clock,
    listen: { channel: OUTBOX_CHANNEL, notified: options.appended },
  });
  // A mark that a crash of the server forgets means one record twice, as after any crash.
  await session.query('SET synchronous_commit = off');
  return session;
}

/** Whether the session is now the one relay. It stays so until the session ends. */
export async function tryBecomeRelay(session: Session): Promise<boolean> {
  const { rows } = await session.query<{ readonly locked: boolean }>(TRY_LOCK, [OUTBOX_RELAY_LOCK]);
  return rows[0]?.locked === true;
}
