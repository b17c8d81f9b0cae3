import type { Queryable, Statement } from '../connection/queryable.ts';

/** Where a room's history ends. */
export interface HistoryRoom {
  readonly roomId: string;
  readonly lastSeq: number;
  /** The highest members' version of its messages. */
  readonly versionReached: number;
}

// In the order of their ids, so that two transactions that need the same rooms do not wait for each
// other: two partitions share a room once partitions were added to the topic.
const LOCK: Statement = {
  name: 'history-lock-rooms',
  text: `
    SELECT room_id AS "roomId", last_seq::float8 AS "lastSeq", version_reached AS "versionReached"
    FROM history_rooms WHERE build = $1 AND room_id = ANY($2)
    ORDER BY room_id
    FOR NO KEY UPDATE`,
};

/** Those of the rooms that a build has, for this transaction to add to. */
export async function lockHistoryRooms(
  transaction: Queryable,
  build: number,
  roomIds: readonly string[],
): Promise<readonly HistoryRoom[]> {
  if (roomIds.length === 0) return [];
  return (await transaction.query<HistoryRoom>(LOCK, [build, roomIds])).rows;
}
