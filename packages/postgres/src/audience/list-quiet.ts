import type { Queryable, Statement } from '../connection/queryable.ts';

export interface QuietOptions {
  /** Whose event it is. */
  readonly senderId: string;
  /** Where it happened; null for what happens in no room. */
  readonly roomId: string | null;
}

const LIST_QUIET: Statement = {
  name: 'audience-list-quiet',
  text: `
    SELECT user_id AS id FROM room_members
    WHERE room_id = $2 AND muted AND until_version IS NULL
    UNION
    SELECT blocker_id AS id FROM blocks WHERE blocked_id = $1`,
};

/** The ids of those who want no alert now: they muted the room, or blocked the sender. */
export async function listQuiet(
  db: Queryable,
  { senderId, roomId }: QuietOptions,
): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly id: string }>(LIST_QUIET, [senderId, roomId]);
  return rows.map(({ id }) => id);
}
