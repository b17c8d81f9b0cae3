import type { Queryable, Statement } from '../connection/queryable.ts';

/** What becomes of a message that a build has. Times in milliseconds since the epoch. */
export interface MessageRevision {
  readonly roomId: string;
  readonly seq: number;
  /** Null of one that is deleted. */
  readonly text: string | null;
  /** Null where it was not edited. */
  readonly editedAt: number | null;
  /** Null where it was not deleted. */
  readonly deletedAt: number | null;
}

const REVISE: Statement = {
  name: 'history-revise-messages',
  text: `
    UPDATE history_messages m
    SET text = revision.text,
      edited_at = coalesce(to_timestamp(revision.edited_at / 1000), m.edited_at),
      deleted_at = to_timestamp(revision.deleted_at / 1000)
    FROM unnest($2::text[], $3::bigint[], $4::text[], $5::float8[], $6::float8[])
      AS revision (room_id, seq, text, edited_at, deleted_at)
    WHERE m.build = $1 AND m.room_id = revision.room_id AND m.seq = revision.seq`,
};

/** Changes messages that are not deleted yet; each at most once in a call. */
export async function reviseHistoryMessages(
  transaction: Queryable,
  build: number,
  revisions: readonly MessageRevision[],
): Promise<void> {
  if (revisions.length === 0) return;
  await transaction.query(REVISE, [
    build,
    revisions.map(({ roomId }) => roomId),
    revisions.map(({ seq }) => seq),
    revisions.map(({ text }) => text),
    revisions.map(({ editedAt }) => editedAt),
    revisions.map(({ deletedAt }) => deletedAt),
  ]);
}
