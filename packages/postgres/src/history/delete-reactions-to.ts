import type { Queryable, Statement } from '../connection/queryable.ts';

const DELETE: Statement = {
  name: 'history-delete-reactions-to',
  text: `
    DELETE FROM history_reactions r
    USING unnest($2::text[], $3::bigint[]) AS message (room_id, seq)
    WHERE r.build = $1 AND r.room_id = message.room_id AND r.seq = message.seq`,
};

/** Deletes every reaction to these messages. */
export async function deleteReactionsTo(
  transaction: Queryable,
  build: number,
  messages: readonly { readonly roomId: string; readonly seq: number }[],
): Promise<void> {
  if (messages.length === 0) return;
  const roomIds = messages.map(({ roomId }) => roomId);
  const seqs = messages.map(({ seq }) => seq);
  await transaction.query(DELETE, [build, roomIds, seqs]);
}
