import type { Queryable, Statement } from '../connection/queryable.ts';

/** A person's reaction to the message with that number. */
export interface ReactionOnMessage {
  readonly roomId: string;
  readonly seq: number;
  readonly emoji: string;
  readonly userId: string;
}

const DELETE: Statement = {
  name: 'history-delete-reactions',
  text: `
    DELETE FROM history_reactions r
    USING unnest($2::text[], $3::bigint[], $4::text[], $5::text[])
      AS gone (room_id, seq, emoji, user_id)
    WHERE r.build = $1 AND r.room_id = gone.room_id AND r.seq = gone.seq
      AND r.emoji = gone.emoji AND r.user_id = gone.user_id`,
};

export async function deleteReactions(
  transaction: Queryable,
  build: number,
  reactions: readonly ReactionOnMessage[],
): Promise<void> {
  if (reactions.length === 0) return;
  await transaction.query(DELETE, [
    build,
    reactions.map(({ roomId }) => roomId),
    reactions.map(({ seq }) => seq),
    reactions.map(({ emoji }) => emoji),
    reactions.map(({ userId }) => userId),
  ]);
}
