import type { Queryable, Statement } from '../connection/queryable.ts';
import type { HistoryRoom } from './lock-history-rooms.ts';

const PUT: Statement = {
  name: 'history-put-rooms',
  text: `
    INSERT INTO history_rooms (build, room_id, last_seq, version_reached)
    SELECT $1, room_id, last_seq, version_reached
    FROM unnest($2::text[], $3::bigint[], $4::integer[])
      AS room (room_id, last_seq, version_reached)
    ORDER BY room_id
    ON CONFLICT (build, room_id) DO UPDATE
    SET last_seq = EXCLUDED.last_seq, version_reached = EXCLUDED.version_reached`,
};

/** Says where the history of rooms ends now. Those that were there are locked (`lockHistoryRooms`). */
export async function putHistoryRooms(
  transaction: Queryable,
  build: number,
  rooms: readonly HistoryRoom[],
): Promise<void> {
  if (rooms.length === 0) return;
  await transaction.query(PUT, [
    build,
    rooms.map(({ roomId }) => roomId),
    rooms.map(({ lastSeq }) => lastSeq),
    rooms.map(({ versionReached }) => versionReached),
  ]);
}
