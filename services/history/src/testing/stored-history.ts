import type { Queryable } from '@sori/postgres';
import { byRoomAndSeq, type FoldedHistory, type FoldedMessage } from './fold-log.ts';

/** For tests only: what the active build holds, in the form of a fold. */
export async function storedHistory(db: Queryable): Promise<FoldedHistory> {
  const active = 'build = (SELECT build FROM history_active)';
  const lines = async (sql: string): Promise<readonly string[]> =>
    (await db.query<{ readonly line: string }>(sql)).rows.map(({ line }) => line).sort();
  const { rows } = await db.query<
    Omit<FoldedMessage, 'sentAt' | 'editedAt' | 'deletedAt'> & {
      readonly sentAt: Date;
      readonly editedAt: Date | null;
      readonly deletedAt: Date | null;
    }
  >(`
    SELECT room_id AS "roomId", seq::float8 AS seq, message_id AS "messageId", user_id AS "userId",
      client_message_id AS "clientMessageId", text, members_version AS "membersVersion",
      version_reached AS "versionReached", sent_at AS "sentAt", edited_at AS "editedAt",
      deleted_at AS "deletedAt", partition, log_offset::float8 AS "offset"
    FROM history_messages WHERE ${active}`);
  return {
    messages: rows
      .map(({ sentAt, editedAt, deletedAt, ...row }) => ({
        ...row,
        sentAt: sentAt.toISOString(),
        editedAt: editedAt?.toISOString() ?? null,
        deletedAt: deletedAt?.toISOString() ?? null,
      }))
      .toSorted(byRoomAndSeq),
    reactions: await lines(`
      SELECT room_id || '/' || seq || ' ' || emoji || ' ' || user_id || ' ' || log_offset AS line
      FROM history_reactions WHERE ${active}`),
    reads: await lines(`
      SELECT room_id || ' ' || user_id || ' ' || seq AS line FROM history_reads WHERE ${active}`),
    rooms: await lines(`
      SELECT room_id || ' ' || last_seq || ' ' || version_reached AS line
      FROM history_rooms WHERE ${active}`),
    passedOver: await lines(
      `SELECT partition || ' ' || reason || ' ' || records AS line FROM history_passed_over`,
    ),
  };
}
