import type { Queryable, Statement } from '../connection/queryable.ts';

/** A session of a person, as its last record said. Milliseconds since the epoch. */
export interface Lease {
  readonly userId: string;
  readonly sessionId: string;
  /** The timestamp of that record. */
  readonly saidAt: number;
  /** Until when the session speaks for its person, exclusive; not after `saidAt` of one that ended. */
  readonly until: number;
}

const FIND: Statement = {
  name: 'analytics-find-leases',
  text: `
    SELECT user_id AS "userId", session_id AS "sessionId",
      (extract(epoch FROM said_at) * 1000)::float8 AS "saidAt",
      (extract(epoch FROM until) * 1000)::float8 AS until
    FROM analytics_leases WHERE user_id = ANY($1)`,
};

/** All sessions that are known of these people. Only the owner of their partition changes them. */
export async function findLeases(
  db: Queryable,
  userIds: readonly string[],
): Promise<readonly Lease[]> {
  if (userIds.length === 0) return [];
  return (await db.query<Lease>(FIND, [userIds])).rows;
}
