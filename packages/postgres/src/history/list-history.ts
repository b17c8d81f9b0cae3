import type { Queryable, Statement } from '../connection/queryable.ts';

/** A message as it is shown. */
export interface HistoryMessage {
  readonly messageId: string;
  readonly seq: number;
  readonly userId: string;
  readonly clientMessageId: string;
  /** Null of a deleted one. */
  readonly text: string | null;
  readonly sentAt: Date;
  readonly editedAt: Date | null;
  readonly deletedAt: Date | null;
  /** Who reacted how; emoji and people in the order in which they came. */
  readonly reactions: Readonly<Record<string, readonly string[]>>;
}

export interface HistoryPage {
  readonly roomId: string;
  /** Whose memberships say what may be seen. */
  readonly userId: string;
  /** Only messages before this number; the latest where undefined. */
  readonly before: number | undefined;
  readonly limit: number;
}

/** Above every number of a message. */
const NO_BOUND = Number.MAX_SAFE_INTEGER;

// The lower bound keeps a newcomer's pages from walking through all that was said before.
const LIST: Statement = {
  name: 'history-list',
  text: `
    WITH reader AS MATERIALIZED (
      SELECT (SELECT build FROM history_active) AS build,
        range_agg(int4range(from_version, until_version)) AS versions
      FROM room_members WHERE room_id = $1 AND user_id = $2
    ), page AS MATERIALIZED (
      SELECT m.* FROM history_messages m
      WHERE m.build = (SELECT build FROM reader) AND m.room_id = $1 AND m.seq < $3
        AND m.seq >= (
          SELECT f.seq FROM history_messages f
          WHERE f.build = (SELECT build FROM reader) AND f.room_id = $1
            AND f.version_reached >= (SELECT lower(versions) FROM reader)
          ORDER BY f.version_reached, f.seq LIMIT 1
        )
        AND m.members_version <@ (SELECT versions FROM reader)
      ORDER BY m.seq DESC LIMIT $4
    )
    SELECT p.message_id AS "messageId", p.seq::float8 AS seq, p.user_id AS "userId",
      p.client_message_id AS "clientMessageId", p.text, p.sent_at AS "sentAt",
      p.edited_at AS "editedAt", p.deleted_at AS "deletedAt", coalesce(r.reactions, '{}') AS reactions
    FROM page p
    LEFT JOIN LATERAL (
      SELECT json_object_agg(emoji, users ORDER BY first, emoji) AS reactions
      FROM (
        SELECT emoji, json_agg(user_id ORDER BY log_offset, user_id) AS users,
          min(log_offset) AS first
        FROM history_reactions
        WHERE build = p.build AND room_id = p.room_id AND seq = p.seq
        GROUP BY emoji
      ) AS by_emoji
    ) r ON true
    ORDER BY p.seq`,
};

/**
 * The last `limit` messages of a room before a number that were sent to one of its members, in
 * order: those whose members' version falls into one of the person's memberships, as with the feed.
 */
export async function listHistory(
  db: Queryable,
  { roomId, userId, before = NO_BOUND, limit }: HistoryPage,
): Promise<readonly HistoryMessage[]> {
  return (await db.query<HistoryMessage>(LIST, [roomId, userId, before, limit])).rows;
}
