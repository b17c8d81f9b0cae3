import type { Queryable, Statement } from '../connection/queryable.ts';
import type { Window } from './windows.ts';

/** Messages that were sent in a room in a window. */
export interface RoomMessages extends Window {
  readonly roomId: string;
  readonly messages: number;
}

const ADD: Statement = {
  name: 'analytics-add-room-messages',
  text: `
    INSERT INTO analytics_room_messages AS known (width, starts_at, room_id, messages)
    SELECT width, to_timestamp(start), room_id, messages
    FROM unnest($1::integer[], $2::float8[], $3::text[], $4::bigint[])
      AS counted (width, start, room_id, messages)
    ORDER BY width, start, room_id COLLATE "C"
    ON CONFLICT (width, starts_at, room_id) DO UPDATE
    SET messages = known.messages + EXCLUDED.messages`,
};

/** Adds to the counts. Each window and room at most once in a call. */
export async function addRoomMessages(
  transaction: Queryable,
  counts: readonly RoomMessages[],
): Promise<void> {
  if (counts.length === 0) return;
  await transaction.query(ADD, [
    counts.map(({ width }) => width),
    counts.map(({ start }) => start),
    counts.map(({ roomId }) => roomId),
    counts.map(({ messages }) => messages),
  ]);
}
