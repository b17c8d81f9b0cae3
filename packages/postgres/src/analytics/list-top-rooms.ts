import type { Queryable, Statement } from '../connection/queryable.ts';
import type { WindowRange } from './windows.ts';

const LIST: Statement = {
  name: 'analytics-list-top-rooms',
  text: `
    SELECT room_id AS "roomId", sum(messages)::float8 AS messages
    FROM analytics_room_messages
    WHERE width = $1 AND starts_at >= to_timestamp($2) AND starts_at < to_timestamp($3)
    GROUP BY room_id
    ORDER BY sum(messages) DESC, room_id
    LIMIT $4`,
};

/** The rooms in which the most messages were sent, the most first. */
export async function listTopRooms(
  db: Queryable,
  { width, from, to }: WindowRange,
  limit: number,
): Promise<readonly { readonly roomId: string; readonly messages: number }[]> {
  const { rows } = await db.query<{ readonly roomId: string; readonly messages: number }>(LIST, [
    width,
    from,
    to,
    limit,
  ]);
  return rows;
}
