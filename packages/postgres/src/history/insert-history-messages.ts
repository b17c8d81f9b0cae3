import type { Queryable, Statement } from '../connection/queryable.ts';

/** A message of the history. Times in milliseconds since the epoch. */
export interface HistoryMessageRow {
  readonly roomId: string;
  readonly seq: number;
  readonly messageId: string;
  readonly userId: string;
  readonly clientMessageId: string;
  /** Null of a deleted one. */
  readonly text: string | null;
  readonly membersVersion: number;
  readonly versionReached: number;
  readonly sentAt: number;
  readonly editedAt: number | null;
  readonly deletedAt: number | null;
  readonly partition: number;
  readonly offset: number;
}

const INSERT: Statement = {
  name: 'history-insert-messages',
  text: `
    INSERT INTO history_messages (build, room_id, seq, message_id, user_id, client_message_id, text,
      members_version, version_reached, sent_at, edited_at, deleted_at, partition, log_offset)
    SELECT $1, room_id, seq, message_id, user_id, client_message_id, text,
      members_version, version_reached, to_timestamp(sent_at / 1000),
      to_timestamp(edited_at / 1000), to_timestamp(deleted_at / 1000), partition, log_offset
    FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
      $8::integer[], $9::integer[], $10::float8[], $11::float8[], $12::float8[],
      $13::integer[], $14::bigint[])
      AS message (room_id, seq, message_id, user_id, client_message_id, text,
        members_version, version_reached, sent_at, edited_at, deleted_at, partition, log_offset)`,
};

/** Adds messages that a build does not have. */
export async function insertHistoryMessages(
  transaction: Queryable,
  build: number,
  messages: readonly HistoryMessageRow[],
): Promise<void> {
  if (messages.length === 0) return;
  await transaction.query(INSERT, [
    build,
    messages.map(({ roomId }) => roomId),
    messages.map(({ seq }) => seq),
    messages.map(({ messageId }) => messageId),
    messages.map(({ userId }) => userId),
    messages.map(({ clientMessageId }) => clientMessageId),
    messages.map(({ text }) => text),
    messages.map(({ membersVersion }) => membersVersion),
    messages.map(({ versionReached }) => versionReached),
    messages.map(({ sentAt }) => sentAt),
    messages.map(({ editedAt }) => editedAt),
    messages.map(({ deletedAt }) => deletedAt),
    messages.map(({ partition }) => partition),
    messages.map(({ offset }) => offset),
  ]);
}
