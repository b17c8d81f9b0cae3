import type {
  DevelopmentSession,
  FriendsAndPeople,
  MessagePage,
  People,
  Person,
  RoomAndPeople,
  RoomsAndPeople,
  SentMessage,
  Settings,
} from '@sori/api';
import type { Api, MessageRef } from './api.ts';
import type { request } from './http.ts';

/** The gateway's routes, told to whatever sends requests. */
export function createGateway(send: typeof request): Api {
  return {
    settings: () => send<Settings>('GET', '/v1/settings'),
    async signIn(handle, displayName) {
      const body = displayName === '' ? { handle } : { handle, displayName };
      return (await send<DevelopmentSession>('POST', '/v1/dev/sessions', body)).user;
    },
    signOut: () => send<void>('DELETE', '/v1/sessions/current'),
    me: () => send<Person>('GET', '/v1/me'),
    async rename(displayName) {
      await send<Person>('PATCH', '/v1/me', { displayName });
    },
    person: (userId) => send<Person>('GET', `/v1/users/${segment(userId)}`),
    async searchPeople(query) {
      return (await send<People>('GET', `/v1/users?${new URLSearchParams({ query })}`)).people;
    },
    friends: () => send<FriendsAndPeople>('GET', '/v1/friends'),
    changeFriend: (step, userId) => send<void>('POST', `/v1/friends/${segment(userId)}/${step}`),

    rooms: () => send<RoomsAndPeople>('GET', '/v1/rooms'),
    room: (roomId) => send<RoomAndPeople>('GET', roomPath(roomId)),
    createRoom: (room) => send<RoomAndPeople>('POST', '/v1/rooms', room),
    renameRoom: (roomId, name) => send<void>('PATCH', roomPath(roomId), { name }),
    archiveRoom: (roomId) => send<void>('POST', `${roomPath(roomId)}/archive`),
    addMember: (roomId, userId) => send<void>('POST', `${roomPath(roomId)}/members`, { userId }),
    removeMember: (roomId, userId) => send<void>('DELETE', memberPath(roomId, userId)),
    changeRole: (roomId, userId, role) =>
      send<void>('PUT', `${memberPath(roomId, userId)}/role`, { role }),
    mute: (roomId, muted) => send<void>(muted ? 'PUT' : 'DELETE', `${roomPath(roomId)}/mute`),

    history(roomId, before) {
      const place = before === undefined ? '' : `?${new URLSearchParams({ before: `${before}` })}`;
      return send<MessagePage>('GET', `${roomPath(roomId)}/messages${place}`);
    },
    async send(roomId, clientMessageId, text) {
      const body = { clientMessageId, text };
      return (await send<SentMessage>('POST', `${roomPath(roomId)}/messages`, body)).messageId;
    },
    edit: (message, clientMessageId, text) =>
      send<void>('PATCH', messagePath(message), { clientMessageId, text }),
    deleteMessage(message, clientMessageId) {
      const proof =
        clientMessageId === undefined ? '' : `?${new URLSearchParams({ clientMessageId })}`;
      return send<void>('DELETE', `${messagePath(message)}${proof}`);
    },
    react: (message, emoji, present) =>
      send<void>(present ? 'PUT' : 'DELETE', `${messagePath(message)}/reactions/${segment(emoji)}`),
    markRead: (roomId, messageId) => send<void>('PUT', `${roomPath(roomId)}/read`, { messageId }),
  };
}

const segment = encodeURIComponent;

function roomPath(roomId: string): string {
  return `/v1/rooms/${segment(roomId)}`;
}

function memberPath(roomId: string, userId: string): string {
  return `${roomPath(roomId)}/members/${segment(userId)}`;
}

function messagePath({ roomId, messageId }: MessageRef): string {
  return `${roomPath(roomId)}/messages/${segment(messageId)}`;
}
