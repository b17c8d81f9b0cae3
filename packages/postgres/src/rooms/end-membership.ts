import type { Queryable, Statement } from '../connection/queryable.ts';

export interface MembershipEnd {
  readonly roomId: string;
  readonly userId: string;
  /** The version of the room's members from which on they are out. */
  readonly untilVersion: number;
  /** Who took them out; undefined for one who leaves. */
  readonly removedBy: string | undefined;
}

const END: Statement = {
  name: 'rooms-end-membership',
  text: `
    UPDATE room_members SET until_version = $3, removed_by = $4
    WHERE room_id = $1 AND user_id = $2 AND until_version IS NULL`,
};

/** Ends a present membership. Its row stays: earlier versions of the members can still be read. */
export async function endMembership(db: Queryable, end: MembershipEnd): Promise<void> {
  await db.query(END, [end.roomId, end.userId, end.untilVersion, end.removedBy ?? null]);
}
