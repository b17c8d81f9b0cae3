import type { MemberRole, RoomKind } from '@sori/chat-events';

/** A room as one of its members sees it. */
export interface RoomOfMember {
  readonly id: string;
  readonly kind: RoomKind;
  readonly name: string;
  readonly archived: boolean;
  /** Whether this member wants no alerts from it. */
  readonly muted: boolean;
  /** This member's. */
  readonly role: MemberRole;
}

/** What a RoomOfMember is made of, where `r` is the room and `m` the membership. */
export const ROOM_OF_MEMBER_COLUMNS =
  'r.id, r.kind, r.name, r.archived_at IS NOT NULL AS archived, m.muted, m.role';
