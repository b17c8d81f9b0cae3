import type { Queryable, Statement } from '../connection/queryable.ts';

const LIST: Statement = {
  name: 'history-list-read-positions',
  text: `
    SELECT r.user_id AS "userId", r.seq::float8 AS seq
    FROM history_reads r
    JOIN room_members m
      ON m.room_id = r.room_id AND m.user_id = r.user_id AND m.until_version IS NULL
    WHERE r.build = (SELECT build FROM history_active) AND r.room_id = $1
    ORDER BY r.user_id = $2 DESC, r.seq DESC, r.user_id
    LIMIT $3`,
};

/**
 * How far a room's present members have read it: `limit` of them at most, one person before all
 * others, then those who are furthest. Who has read nothing is not among them.
 */
export async function listReadPositions(
  db: Queryable,
  roomId: string,
  { first, limit }: { readonly first: string; readonly limit: number },
): Promise<readonly { readonly userId: string; readonly seq: number }[]> {
  const { rows } = await db.query<{ readonly userId: string; readonly seq: number }>(LIST, [
    roomId,
    first,
    limit,
  ]);
  return rows;
}
