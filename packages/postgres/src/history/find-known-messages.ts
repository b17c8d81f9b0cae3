import type { Queryable, Statement } from '../connection/queryable.ts';

/** Which message is meant: its id is unique in its room. */
export interface MessageInRoom {
  readonly roomId: string;
  readonly messageId: string;
}

/** What later records of a message need to know of it. */
export interface KnownMessage extends MessageInRoom {
  readonly seq: number;
  readonly deleted: boolean;
}

const FIND: Statement = {
  name: 'history-find-known-messages',
  text: `
    SELECT room_id AS "roomId", message_id AS "messageId", m.seq::float8 AS seq,
      m.deleted_at IS NOT NULL AS deleted
    FROM unnest($2::text[], $3::text[]) AS wanted (room_id, message_id)
    JOIN history_messages m USING (room_id, message_id)
    WHERE m.build = $1`,
};

/** Those of the messages that a build has. Each may be asked for once. */
export async function findKnownMessages(
  db: Queryable,
  build: number,
  wanted: readonly MessageInRoom[],
): Promise<readonly KnownMessage[]> {
  if (wanted.length === 0) return [];
  const roomIds = wanted.map(({ roomId }) => roomId);
  const messageIds = wanted.map(({ messageId }) => messageId);
  return (await db.query<KnownMessage>(FIND, [build, roomIds, messageIds])).rows;
}
