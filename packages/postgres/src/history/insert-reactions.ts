import type { Queryable, Statement } from '../connection/queryable.ts';
import type { ReactionOnMessage } from './delete-reactions.ts';

export interface ReactionRow extends ReactionOnMessage {
  /** Of the record that brought it. */
  readonly offset: number;
}

const INSERT: Statement = {
  name: 'history-insert-reactions',
  text: `
    INSERT INTO history_reactions (build, room_id, seq, emoji, user_id, log_offset)
    SELECT $1, room_id, seq, emoji, user_id, log_offset
    FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[])
      AS reaction (room_id, seq, emoji, user_id, log_offset)
    ON CONFLICT DO NOTHING`,
};

/** Adds reactions; one that is there stays as it is. */
export async function insertReactions(
  transaction: Queryable,
  build: number,
  reactions: readonly ReactionRow[],
): Promise<void> {
  if (reactions.length === 0) return;
  await transaction.query(INSERT, [
    build,
    reactions.map(({ roomId }) => roomId),
    reactions.map(({ seq }) => seq),
    reactions.map(({ emoji }) => emoji),
    reactions.map(({ userId }) => userId),
    reactions.map(({ offset }) => offset),
  ]);
}
