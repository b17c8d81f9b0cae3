import type { MemberRole } from '@sori/chat-events';
import type { Queryable, Statement } from '../connection/queryable.ts';

export interface NewMembers {
  readonly roomId: string;
  /** The version of the room's members from which on they are in. */
  readonly fromVersion: number;
  readonly members: readonly { readonly userId: string; readonly role: MemberRole }[];
}

const INSERT: Statement = {
  name: 'rooms-insert-members',
  text: `
    INSERT INTO room_members (room_id, user_id, role, from_version)
    SELECT $1, user_id, role, $2 FROM unnest($3::text[], $4::text[]) AS member (user_id, role)`,
};

export async function insertMembers(db: Queryable, added: NewMembers): Promise<void> {
  const { roomId, fromVersion, members } = added;
  const userIds = members.map(({ userId }) => userId);
  const roles = members.map(({ role }) => role);
  await db.query(INSERT, [roomId, fromVersion, userIds, roles]);
}
