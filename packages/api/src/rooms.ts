import { Id, MemberRole, RoomKind, RoomName } from '@sori/chat-events';
import { type Static, Type } from 'typebox';
import { LastMessage } from './history.ts';
import { ROOM_INITIAL_MEMBERS_MAX, UNREAD_MAX } from './limits.ts';
import { Person } from './person.ts';

export const Member = Type.Object(
  { userId: Id, role: MemberRole },
  { additionalProperties: false },
);
export type Member = Static<typeof Member>;

/** A room as one of its members sees it. */
export const Room = Type.Object(
  {
    id: Id,
    kind: RoomKind,
    name: RoomName,
    archived: Type.Boolean(),
    /** Whether I asked for no alerts from it. */
    muted: Type.Boolean(),
    /** Mine. */
    role: MemberRole,
    /** In the room itself, and for direct rooms in lists too. */
    members: Type.Optional(Type.Array(Member)),
    /**
     * In lists: how many messages that came since I am in the room I have not read, deleted ones not
     * counted; UNREAD_MAX means that many or more.
     */
    unread: Type.Optional(Type.Integer({ minimum: 0, maximum: UNREAD_MAX })),
    /** In lists, where there is one since I am in the room. */
    lastMessage: Type.Optional(LastMessage),
  },
  { additionalProperties: false },
);
export type Room = Static<typeof Room>;

/** `GET /v1/rooms`, with everybody who is named in it. */
export const RoomsAndPeople = Type.Object(
  { rooms: Type.Array(Room), people: Type.Array(Person) },
  { additionalProperties: false },
);
export type RoomsAndPeople = Static<typeof RoomsAndPeople>;

/** `GET /v1/rooms/{roomId}` and what `POST /v1/rooms` answers. */
export const RoomAndPeople = Type.Object(
  { room: Room, people: Type.Array(Person) },
  { additionalProperties: false },
);
export type RoomAndPeople = Static<typeof RoomAndPeople>;

/** `POST /v1/rooms`. A direct room has one other member; asking again gives the same room. */
export const NewRoom = Type.Object(
  {
    kind: RoomKind,
    name: RoomName,
    memberIds: Type.Array(Id, { maxItems: ROOM_INITIAL_MEMBERS_MAX, uniqueItems: true }),
  },
  { additionalProperties: false },
);
export type NewRoom = Static<typeof NewRoom>;

export const RoomPath = Type.Object({ roomId: Id }, { additionalProperties: false });
export const RoomMemberPath = Type.Object(
  { roomId: Id, userId: Id },
  { additionalProperties: false },
);

/** `PATCH /v1/rooms/{roomId}` */
export const RoomChange = Type.Object({ name: RoomName }, { additionalProperties: false });

/** `POST /v1/rooms/{roomId}/members`: oneself to join, another to invite. */
export const NewMember = Type.Object({ userId: Id }, { additionalProperties: false });

/** `PUT /v1/rooms/{roomId}/members/{userId}/role` */
export const RoleChange = Type.Object({ role: MemberRole }, { additionalProperties: false });
