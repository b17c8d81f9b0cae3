import type { Queryable, Statement } from '../connection/queryable.ts';

/** What happened in a room since a member came, as that member sees it. */
export interface RoomActivity {
  readonly roomId: string;
  /** Messages above the member's read position, without deleted ones. */
  readonly unread: number;
  readonly messageId: string;
  readonly seq: number;
  readonly userId: string;
  /** The beginning of the text; null of a deleted message. */
  readonly text: string | null;
  readonly sentAt: Date;
}

export interface ActivityLimits {
  /** Counting stops here. */
  readonly unreadMax: number;
  /** Characters of a text. */
  readonly textMax: number;
}

const LIST: Statement = {
  name: 'history-list-room-activity',
  text: `
    WITH active AS MATERIALIZED (SELECT build FROM history_active)
    SELECT m.room_id AS "roomId", unread.messages AS unread, last.message_id AS "messageId",
      last.seq::float8 AS seq, last.user_id AS "userId", left(last.text, $3) AS text,
      last.sent_at AS "sentAt"
    FROM room_members m
    CROSS JOIN active a
    CROSS JOIN LATERAL (
      SELECT h.seq FROM history_messages h
      WHERE h.build = a.build AND h.room_id = m.room_id AND h.version_reached >= m.from_version
      ORDER BY h.version_reached, h.seq LIMIT 1
    ) AS begun
    CROSS JOIN LATERAL (
      SELECT h.* FROM history_messages h
      WHERE h.build = a.build AND h.room_id = m.room_id AND h.seq >= begun.seq
        AND h.members_version >= m.from_version
      ORDER BY h.seq DESC LIMIT 1
    ) AS last
    CROSS JOIN LATERAL (
      SELECT count(*)::integer AS messages FROM (
        SELECT FROM history_messages h
        WHERE h.build = a.build AND h.room_id = m.room_id AND h.seq >= begun.seq
          AND h.seq > coalesce((
            SELECT r.seq FROM history_reads r
            WHERE r.build = a.build AND r.room_id = m.room_id AND r.user_id = m.user_id
          ), 0)
          AND h.members_version >= m.from_version AND h.deleted_at IS NULL
        ORDER BY h.seq LIMIT $2
      ) AS counted
    ) AS unread
    WHERE m.user_id = $1 AND m.until_version IS NULL`,
};

/** For each room that a person is in, and where anything was said since they came. */
export async function listRoomActivity(
  db: Queryable,
  userId: string,
  { unreadMax, textMax }: ActivityLimits,
): Promise<readonly RoomActivity[]> {
  return (await db.query<RoomActivity>(LIST, [userId, unreadMax, textMax])).rows;
}
