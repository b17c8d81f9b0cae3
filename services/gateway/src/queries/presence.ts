import type { PresenceOfPeople } from '@sori/api';
import { friendsOf, type Queryable } from '@sori/postgres';
import { describePresence, type PresenceFollower } from '@sori/presence';
import { DependencyUnavailable } from '@sori/stream';

/** What the answer is made of. */
export interface PresenceSource {
  readonly db: Queryable;
  readonly presence: Pick<PresenceFollower, 'isCaughtUp' | 'of'>;
}

/**
 * Who of some people is there: friends of the asker, and the asker. Throws DependencyUnavailable until
 * the log was read, when everybody would seem to be away.
 */
export async function presenceOf(
  { db, presence }: PresenceSource,
  askerId: string,
  userIds: readonly string[],
): Promise<PresenceOfPeople> {
  if (!presence.isCaughtUp) throw new DependencyUnavailable('presence');
  const shown = new Set([askerId, ...(await friendsOf(db, askerId))]);
  const people = Array.from(new Set(userIds)).filter((userId) => shown.has(userId));
  return { people: people.map((userId) => describePresence(userId, presence.of(userId))) };
}
