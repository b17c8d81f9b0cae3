import type { PersonPresence, PresenceState } from './presence.ts';

/** A person's state as clients are told it. */
export interface DescribedPresence {
  readonly userId: string;
  readonly state: PresenceState;
  /** RFC 3339, UTC. Absent of people who are offline: most were never seen. */
  readonly since?: string;
}

export function describePresence(
  userId: string,
  { state, since }: PersonPresence,
): DescribedPresence {
  if (state === 'offline') return { userId, state };
  return { userId, state, since: new Date(since).toISOString() };
}
