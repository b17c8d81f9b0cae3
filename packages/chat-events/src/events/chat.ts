import { defineEvent } from '@sori/contract';
import { Type } from 'typebox';
import { Id, MemberRole, MembersVersion, RoomKind, RoomName } from '../fields.ts';
import { chatEvents as topic } from '../topics.ts';

const Room = { roomId: Id, actorId: Id };
const Member = { ...Room, userId: Id, membersVersion: MembersVersion };

export const roomCreated = defineEvent({
  type: 'chat.room.created',
  topic,
  key: 'roomId',
  description: 'A room was opened',
  data: Type.Object({
    ...Room,
    kind: RoomKind,
    name: RoomName,
    membersVersion: MembersVersion,
  }),
});

export const roomUpdated = defineEvent({
  type: 'chat.room.updated',
  topic,
  key: 'roomId',
  description: "A room's name changed",
  data: Type.Object({ ...Room, name: RoomName, membersVersion: MembersVersion }),
});

export const roomArchived = defineEvent({
  type: 'chat.room.archived',
  topic,
  key: 'roomId',
  description: 'A room was closed to new messages',
  data: Type.Object({ ...Room, membersVersion: MembersVersion }),
});

export const memberJoined = defineEvent({
  type: 'chat.member.joined',
  topic,
  key: 'roomId',
  description: 'A person came into a room, by themselves or invited by actorId',
  data: Type.Object({ ...Member, role: MemberRole }),
});

export const memberLeft = defineEvent({
  type: 'chat.member.left',
  topic,
  key: 'roomId',
  description: 'A person left a room',
  data: Type.Object(Member),
});

export const memberRemoved = defineEvent({
  type: 'chat.member.removed',
  topic,
  key: 'roomId',
  description: 'actorId took userId out of a room',
  data: Type.Object(Member),
});

export const memberRoleChanged = defineEvent({
  type: 'chat.member.role-changed',
  topic,
  key: 'roomId',
  description: "A member's role changed",
  data: Type.Object({ ...Member, role: MemberRole }),
});

export const memberMuted = defineEvent({
  type: 'chat.member.muted',
  topic,
  key: 'roomId',
  description: 'A member wants no alerts from a room',
  data: Type.Object(Member),
});

export const memberUnmuted = defineEvent({
  type: 'chat.member.unmuted',
  topic,
  key: 'roomId',
  description: 'A member wants alerts from a room again',
  data: Type.Object(Member),
});
