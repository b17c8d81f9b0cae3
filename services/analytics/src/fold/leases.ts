import { presenceChanged, presenceHeartbeat, userOnlineStatus } from '@sori/chat-events';
import type { Lease, OnlineChange } from '@sori/postgres';
import type { ProjectedRecord } from '@sori/stream';
import { timestampOf } from './timing.ts';

/** What a record says of a session: that until then, exclusive, its person is online. */
export type Said = Lease;

/** What records change. Each session and each second is there once. */
export interface LeaseChanges {
  readonly leases: readonly Lease[];
  readonly changes: readonly OnlineChange[];
}

/**
 * What a record says of a session, if it is one of presence, and no dead letter of one. By the record's
 * timestamp, as leases go.
 */
export function saidIn({ event, record }: ProjectedRecord): Said | undefined {
  if (record.topic !== userOnlineStatus.name) return undefined;
  if (event?.type !== presenceChanged.type && event?.type !== presenceHeartbeat.type) {
    return undefined;
  }
  // Both types were checked against their schemas when they were decoded, and share these fields.
  const { userId, sessionId, leaseMs, state } = event.data as Session;
  const saidAt = timestampOf(record);
  return { userId, sessionId, saidAt, until: state === 'offline' ? saidAt : saidAt + leaseMs };
}

interface Session {
  readonly userId: string;
  readonly sessionId: string;
  readonly leaseMs: number;
  readonly state: 'online' | 'away' | 'offline';
}

/**
 * Folds what records say, in the order of the log, into when people were online: from the first record
 * of theirs until the last of their leases ends. The end of a lease is known with its beginning, so it
 * is written at once, and moved when the lease is prolonged or ended: nothing depends on when this is
 * done, or on what is running by then. `known` are all sessions of the people who are in it.
 */
export function foldLeases(said: readonly Said[], known: readonly Lease[]): LeaseChanges {
  const people = new Map<string, Map<string, Lease>>();
  const changed = new Set<string>();
  const changes = new Map<number, number>();
  const sessionsOf = (userId: string): Map<string, Lease> => {
    const sessions = people.get(userId) ?? new Map<string, Lease>();
    people.set(userId, sessions);
    return sessions;
  };
  const change = (ms: number, by: number): void => {
    const second = Math.floor(ms / 1_000);
    changes.set(second, (changes.get(second) ?? 0) + by);
  };
  for (const lease of known) sessionsOf(lease.userId).set(lease.sessionId, lease);
  for (const lease of said) {
    const sessions = sessionsOf(lease.userId);
    const earlier = sessions.get(lease.sessionId);
    // A late record of a session that has spoken since changes nothing.
    if (earlier !== undefined && earlier.saidAt > lease.saidAt) continue;
    const endBefore = endOf(sessions);
    sessions.set(lease.sessionId, lease);
    changed.add(lease.userId);
    const end = endOf(sessions);
    // Online all along: only the end is another. Else they come, and go when the lease is over.
    change(Math.max(lease.saidAt, endBefore), 1);
    change(end, -1);
  }
  const before = new Set(known);
  const leases = [...changed].flatMap((userId) => [...sessionsOf(userId).values()]);
  return {
    leases: leases.filter((lease) => !before.has(lease)),
    changes: Array.from(changes, ([second, by]) => ({ second, change: by })).filter(
      (entry) => entry.change !== 0,
    ),
  };
}

function endOf(sessions: ReadonlyMap<string, Lease>): number {
  let end = Number.NEGATIVE_INFINITY;
  for (const { until } of sessions.values()) end = Math.max(end, until);
  return end;
}
