import type { ChatCatalog } from '@sori/chat-events';
import type { EventsByType } from '@sori/contract';
import type { Audience, PersonAudience, RoomAudience } from './audience.ts';

/** For each event type that reaches screens, whom an event of it concerns. */
export type AudienceRules = {
  readonly [T in keyof EventsByType<ChatCatalog>]?: (
    data: EventsByType<ChatCatalog>[T]['data'],
  ) => readonly Audience[];
};

interface InRoom {
  readonly roomId: string;
  readonly membersVersion: number;
}
type MessageData = InRoom & { readonly userId: string };
type RoomData = InRoom & { readonly actorId: string };
type MemberData = RoomData & { readonly userId: string };

/**
 * Every member gets everything that happens to a room's messages, on all devices; only a new message
 * may make a sound.
 */
export const messageRules = {
  'message.chat.sent': (data) => [ofMessage(data, 'everyone')],
  'message.chat.edited': (data) => [ofMessage(data, [])],
  'message.chat.deleted': (data) => [ofMessage(data, [])],
  'message.reaction.added': (data) => [ofMessage(data, [])],
  'message.reaction.removed': (data) => [ofMessage(data, [])],
  'message.receipt.read': (data) => [ofMessage(data, [])],
} satisfies AudienceRules;

/** Friendships: each of the two in an order of their own, and nobody hears of being blocked. */
export const friendRules = {
  'friend.request.sent': ({ requesterId, addresseeId }) => [
    person(addresseeId, { actorId: requesterId, alert: true }),
    person(requesterId),
  ],
  'friend.request.accepted': ({ requesterId, addresseeId }) => [
    person(requesterId, { actorId: addresseeId, alert: true }),
    person(addresseeId),
  ],
  'friend.request.rejected': bothOfRequest,
  'friend.request.cancelled': bothOfRequest,
  'friend.relation.removed': ({ userId, otherUserId }) => [person(userId), person(otherUserId)],
  'friend.block.created': ({ userId }) => [person(userId)],
  'friend.block.removed': ({ userId }) => [person(userId)],
} satisfies AudienceRules;

/** What friends see of a person goes to friends; all else to the person's own devices. */
export const userRules = {
  'user.account.registered': ({ userId }) => [person(userId)],
  'user.account.deactivated': ({ userId }) => [{ kind: 'friends', userId }],
  'user.account.deleted': ({ userId }) => [{ kind: 'friends', userId }],
  'user.profile.updated': ({ userId }) => [{ kind: 'friends', userId }],
  'user.session.started': ({ userId }) => [person(userId)],
  'user.session.ended': ({ userId }) => [person(userId)],
  'user.settings.updated': ({ userId }) => [person(userId)],
} satisfies AudienceRules;

/**
 * Rooms: the members, and the person concerned, who may not be one any more. What somebody does to
 * another (an invitation, a removal, a new role) alerts that person.
 */
export const chatRules = {
  'chat.room.created': (data) => [ofRoom(data)],
  'chat.room.updated': (data) => [ofRoom(data)],
  'chat.room.archived': (data) => [ofRoom(data)],
  'chat.member.joined': (data) => [ofMember(data)],
  'chat.member.left': (data) => [ofMember(data)],
  'chat.member.removed': (data) => [ofMember(data)],
  'chat.member.role-changed': (data) => [ofMember(data)],
  'chat.member.muted': ({ userId }) => [person(userId)],
  'chat.member.unmuted': ({ userId }) => [person(userId)],
} satisfies AudienceRules;

function ofMessage(
  { roomId, userId, membersVersion }: MessageData,
  alerts: RoomAudience['alerts'],
): RoomAudience {
  return { kind: 'room', roomId, version: membersVersion, actorId: userId, also: [], alerts };
}

function ofRoom({ roomId, actorId, membersVersion }: RoomData): RoomAudience {
  return { kind: 'room', roomId, version: membersVersion, actorId, also: [], alerts: [] };
}

function ofMember(data: MemberData): RoomAudience {
  const { actorId, userId } = data;
  const alerts = actorId === userId ? [] : [userId];
  return { ...ofRoom(data), also: [userId], alerts };
}

function bothOfRequest({
  requesterId,
  addresseeId,
}: {
  readonly requesterId: string;
  readonly addresseeId: string;
}): readonly Audience[] {
  return [person(addresseeId), person(requesterId)];
}

/** A person who is to see it; silently, unless another one did it and it is worth an alert. */
function person(
  userId: string,
  { actorId, alert }: { readonly actorId: string; readonly alert: boolean } = {
    actorId: userId,
    alert: false,
  },
): PersonAudience {
  return { kind: 'person', userId, actorId, alert };
}
