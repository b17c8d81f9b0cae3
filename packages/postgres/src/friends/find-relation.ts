import type { Queryable, Statement } from '../connection/queryable.ts';
import { pairOf } from './pair.ts';

/** What is between two people. */
export interface Relation {
  readonly friendship: 'none' | 'requested' | 'friends';
  /** Who asked; undefined where nobody did. */
  readonly requesterId: string | undefined;
  /** Those of the two who blocked the other. */
  readonly blockerIds: readonly string[];
}

const FIND: Statement = {
  name: 'friends-find-relation',
  text: `
    SELECT f.state, f.requester_id AS "requesterId",
      ARRAY(SELECT blocker_id FROM blocks
            WHERE (blocker_id = $1 AND blocked_id = $2)
               OR (blocker_id = $2 AND blocked_id = $1)) AS "blockerIds"
    FROM (VALUES (1)) AS always
    LEFT JOIN friendships f ON f.low_id = $1 AND f.high_id = $2`,
};

export async function findRelation(db: Queryable, one: string, other: string): Promise<Relation> {
  const { rows } = await db.query<{
    readonly state: 'requested' | 'friends' | null;
    readonly requesterId: string | null;
    readonly blockerIds: readonly string[];
  }>(FIND, pairOf(one, other));
  const [row] = rows;
  return {
    friendship: row?.state ?? 'none',
    requesterId: row?.requesterId ?? undefined,
    blockerIds: row?.blockerIds ?? [],
  };
}
