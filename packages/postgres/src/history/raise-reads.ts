import type { Queryable, Statement } from '../connection/queryable.ts';

/** How far a person has read a room: the number of the last message seen. */
export interface ReadPosition {
  readonly roomId: string;
  readonly userId: string;
  readonly seq: number;
}

// Sorted as lockHistoryRooms sorts, for the same reason.
const RAISE: Statement = {
  name: 'history-raise-reads',
  text: `
    INSERT INTO history_reads AS known (build, room_id, user_id, seq)
    SELECT $1, room_id, user_id, seq
    FROM unnest($2::text[], $3::text[], $4::bigint[]) AS read (room_id, user_id, seq)
    ORDER BY room_id, user_id
    ON CONFLICT (build, room_id, user_id) DO UPDATE SET seq = EXCLUDED.seq
    WHERE known.seq < EXCLUDED.seq`,
};

/** Moves read positions up; never down. Each person and room at most once in a call. */
export async function raiseReads(
  transaction: Queryable,
  build: number,
  reads: readonly ReadPosition[],
): Promise<void> {
  if (reads.length === 0) return;
  await transaction.query(RAISE, [
    build,
    reads.map(({ roomId }) => roomId),
    reads.map(({ userId }) => userId),
    reads.map(({ seq }) => seq),
  ]);
}
