import type { RoomKind } from '@sori/chat-events';
import type { Queryable, Statement } from '../connection/queryable.ts';

/** A room that only this transaction may change until it ends. */
export interface LockedRoom {
  readonly id: string;
  readonly kind: RoomKind;
  readonly name: string;
  readonly archived: boolean;
  readonly membersVersion: number;
}

const LOCK: Statement = {
  name: 'rooms-lock',
  text: `
    SELECT id, kind, name, archived_at IS NOT NULL AS archived,
      members_version AS "membersVersion"
    FROM rooms WHERE id = $1
    FOR NO KEY UPDATE`,
};

/**
 * Locks a room and its members until the transaction ends: every change of either is made under
 * this lock. People are locked before rooms (`lockPeople`), rooms in the order of their ids.
 */
export async function lockRoom(db: Queryable, roomId: string): Promise<LockedRoom | undefined> {
  const { rows } = await db.query<LockedRoom>(LOCK, [roomId]);
  return rows[0];
}
