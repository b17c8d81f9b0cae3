import type { Queryable, Statement } from '../connection/queryable.ts';
import type { BuildPartition } from './copy-progress.ts';

export interface CopyOptions extends BuildPartition {
  /** The build that is copied from. */
  readonly active: number;
  /** Messages whose records lie below this offset are copied already. */
  readonly copied: number;
  /** Only those below this offset are copied. */
  readonly below: number;
  /** So many at most, and those that share the last one's offset. */
  readonly limit: number;
}

const CHOOSE: Statement = {
  name: 'history-choose-to-copy',
  text: `
    SELECT count(*)::integer AS messages, max(log_offset)::float8 AS last
    FROM (
      SELECT log_offset FROM history_messages
      WHERE build = $1 AND partition = $2 AND log_offset >= $3 AND log_offset < $4
      ORDER BY log_offset
      FETCH FIRST ($5::bigint) ROWS WITH TIES
    )`,
};

const MOVE: Statement = {
  name: 'history-move-copy',
  text: `
    UPDATE history_copies SET copied = $4
    WHERE build = $1 AND partition = $2 AND copied = $3`,
};

const CHOSEN = 'build = $1 AND partition = $3 AND log_offset >= $4 AND log_offset < $5';

const COPY_MESSAGES: Statement = {
  name: 'history-copy-messages',
  text: `
    INSERT INTO history_messages (build, room_id, seq, message_id, user_id, client_message_id, text,
      members_version, version_reached, sent_at, edited_at, deleted_at, partition, log_offset)
    SELECT $2, room_id, seq, message_id, user_id, client_message_id, text,
      members_version, version_reached, sent_at, edited_at, deleted_at, partition, log_offset
    FROM history_messages WHERE ${CHOSEN}`,
};

const COPY_REACTIONS: Statement = {
  name: 'history-copy-reactions',
  text: `
    INSERT INTO history_reactions (build, room_id, seq, emoji, user_id, log_offset)
    SELECT $2, r.room_id, r.seq, r.emoji, r.user_id, r.log_offset
    FROM (SELECT room_id, seq FROM history_messages WHERE ${CHOSEN}) m
    JOIN history_reactions r ON r.build = $1 AND r.room_id = m.room_id AND r.seq = m.seq`,
};

const COPY_ROOMS: Statement = {
  name: 'history-copy-rooms',
  text: `
    INSERT INTO history_rooms AS known (build, room_id, last_seq, version_reached)
    SELECT $2, room_id, max(seq), max(version_reached)
    FROM history_messages WHERE ${CHOSEN}
    GROUP BY room_id ORDER BY room_id
    ON CONFLICT (build, room_id) DO UPDATE
    SET last_seq = greatest(known.last_seq, EXCLUDED.last_seq),
      version_reached = greatest(known.version_reached, EXCLUDED.version_reached)`,
};

// Up to the last copied message: what was read beyond is in the part of the log that is still there.
const COPY_READS: Statement = {
  name: 'history-copy-reads',
  text: `
    INSERT INTO history_reads AS known (build, room_id, user_id, seq)
    SELECT $2, r.room_id, r.user_id, least(r.seq, m.last_seq)
    FROM (
      SELECT room_id, max(seq) AS last_seq FROM history_messages WHERE ${CHOSEN} GROUP BY room_id
    ) m
    JOIN history_reads r ON r.build = $1 AND r.room_id = m.room_id
    ORDER BY r.room_id, r.user_id
    ON CONFLICT (build, room_id, user_id) DO UPDATE
    SET seq = greatest(known.seq, EXCLUDED.seq)`,
};

/**
 * Copies the next messages of a partition from the active build, with their reactions and how far
 * their rooms were read. They come as they are now: the effects that the log still holds are applied
 * to them once more, which changes nothing in the end. Returns how many there were, and up to where
 * they are copied now; undefined, and nothing copied, when another rebuild has moved on.
 */
export async function copyHistory(
  transaction: Queryable,
  { active, build, partition, copied, below, limit }: CopyOptions,
): Promise<{ readonly messages: number; readonly copied: number } | undefined> {
  const [chosen] = (
    await transaction.query<{ readonly messages: number; readonly last: number | null }>(CHOOSE, [
      active,
      partition,
      copied,
      below,
      limit,
    ])
  ).rows;
  const { messages = 0, last = null } = chosen ?? {};
  const end = messages < limit || last === null ? below : last + 1;
  const { rowCount } = await transaction.query(MOVE, [build, partition, copied, end]);
  if (rowCount !== 1) return undefined;
  const range = [active, build, partition, copied, end];
  for (const copy of [COPY_MESSAGES, COPY_REACTIONS, COPY_ROOMS, COPY_READS]) {
    await transaction.query(copy, range);
  }
  return { messages, copied: end };
}
