import type { Queryable, Statement } from '../connection/queryable.ts';

export interface MembersAtOptions {
  readonly roomId: string;
  /** The room's members_version that the event was allowed under. */
  readonly version: number;
}

const MEMBERS_AT: Statement = {
  name: 'audience-members-at',
  text: `
    SELECT user_id AS id
    FROM room_members
    WHERE room_id = $1 AND from_version <= $2 AND (until_version IS NULL OR until_version > $2)
    ORDER BY user_id`,
};

/**
 * The ids of everyone who was in a room at a version of its members, in order: the same people in
 * the same order whenever it is asked, so it may be cached. Empty for an unknown room.
 */
export async function membersAt(
  db: Queryable,
  { roomId, version }: MembersAtOptions,
): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly id: string }>(MEMBERS_AT, [roomId, version]);
  return rows.map(({ id }) => id);
}
