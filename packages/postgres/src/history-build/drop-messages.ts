import type { Queryable, Statement } from '../connection/queryable.ts';
import type { BuildPartition } from './copy-progress.ts';

const DROP: Statement = {
  name: 'history-drop-messages',
  text: `
    WITH dropped AS (
      DELETE FROM history_messages WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM history_messages WHERE build = $1 AND partition = $2 LIMIT $3
      ))
      RETURNING room_id, seq
    ), reactions AS (
      DELETE FROM history_reactions r USING dropped d
      WHERE r.build = $1 AND r.room_id = d.room_id AND r.seq = d.seq
    )
    SELECT array_agg(DISTINCT room_id) AS rooms, count(*)::integer AS messages FROM dropped`,
};

const DROP_ROOMS: Statement = {
  name: 'history-drop-rooms',
  text: 'DELETE FROM history_rooms WHERE build = $1 AND room_id = ANY($2)',
};

// A room has messages in two partitions once partitions were added to the topic.
const KEEP_ROOMS: Statement = {
  name: 'history-keep-rooms',
  text: `
    INSERT INTO history_rooms (build, room_id, last_seq, version_reached)
    SELECT build, room_id, max(seq), max(version_reached)
    FROM history_messages WHERE build = $1 AND room_id = ANY($2)
    GROUP BY build, room_id`,
};

const DROP_READS: Statement = {
  name: 'history-drop-reads',
  text: `
    DELETE FROM history_reads r WHERE r.build = $1 AND r.room_id = ANY($2)
      AND NOT EXISTS (SELECT FROM history_rooms k WHERE k.build = $1 AND k.room_id = r.room_id)`,
};

/** Drops messages of a partition of a build, `limit` at most, and what hangs on them; how many. */
export async function dropMessages(
  transaction: Queryable,
  { build, partition }: BuildPartition,
  limit: number,
): Promise<number> {
  const [dropped] = (
    await transaction.query<{
      readonly rooms: readonly string[] | null;
      readonly messages: number;
    }>(DROP, [build, partition, limit])
  ).rows;
  const { rooms = null, messages = 0 } = dropped ?? {};
  if (rooms === null) return 0;
  for (const statement of [DROP_ROOMS, KEEP_ROOMS, DROP_READS]) {
    await transaction.query(statement, [build, rooms]);
  }
  return messages;
}
