import type { RoomKind } from '@sori/chat-events';
import type { Queryable, Statement } from '../connection/queryable.ts';

/** The members' version that a room begins with. */
export const FIRST_MEMBERS_VERSION = 1;

export interface NewRoomRow {
  readonly id: string;
  readonly kind: RoomKind;
  readonly name: string;
  /** Of a direct room: its two people, as `pairId` of @sori/chat-events gives them. */
  readonly directPair: string | undefined;
}

const INSERT: Statement = {
  name: 'rooms-insert',
  text: `
    INSERT INTO rooms (id, kind, name, members_version, direct_pair)
    VALUES ($1, $2, $3, $4, $5)`,
};

export async function insertRoom(db: Queryable, room: NewRoomRow): Promise<void> {
  const { id, kind, name, directPair } = room;
  await db.query(INSERT, [id, kind, name, FIRST_MEMBERS_VERSION, directPair ?? null]);
}
