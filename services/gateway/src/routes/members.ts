import { NewMember, RoleChange, RoomMemberPath, RoomPath } from '@sori/api';
import type { HttpServer } from '@sori/http';
import { changeRole } from '../commands/rooms/change-role.ts';
import { inviteMember } from '../commands/rooms/invite-member.ts';
import { joinRoom } from '../commands/rooms/join-room.ts';
import { leaveRoom } from '../commands/rooms/leave-room.ts';
import { muteRoom } from '../commands/rooms/mute-room.ts';
import { removeMember } from '../commands/rooms/remove-member.ts';
import { userIdOf } from '../http/caller.ts';
import { changeOf, type RouteContext } from './context.ts';
import { DONE } from './responses.ts';

export function memberRoutes(app: HttpServer, context: RouteContext): void {
  const tags = ['rooms'];

  app.post(
    '/rooms/:roomId/members',
    {
      schema: {
        operationId: 'addMember',
        summary: 'Joins a group by its id (oneself), or brings another person in',
        tags,
        params: RoomPath,
        body: NewMember,
        response: DONE,
      },
    },
    async (request, reply) => {
      const { roomId } = request.params;
      const { userId } = request.body;
      const actorId = userIdOf(request);
      const change = changeOf(context, request);
      if (userId === actorId) await joinRoom(change, roomId, userId);
      else await inviteMember(change, { roomId, actorId, userId });
      return reply.code(204).send();
    },
  );

  app.delete(
    '/rooms/:roomId/members/:userId',
    {
      schema: {
        operationId: 'removeMember',
        summary: 'Leaves a group (oneself), or takes a member out; for moderators and owners',
        tags,
        params: RoomMemberPath,
        response: DONE,
      },
    },
    async (request, reply) => {
      const { roomId, userId } = request.params;
      const actorId = userIdOf(request);
      const change = changeOf(context, request);
      if (userId === actorId) await leaveRoom(change, roomId, userId);
      else await removeMember(change, { roomId, actorId, userId });
      return reply.code(204).send();
    },
  );

  app.put(
    '/rooms/:roomId/members/:userId/role',
    {
      schema: {
        operationId: 'changeRole',
        summary: 'Gives a member of a group another role',
        tags,
        params: RoomMemberPath,
        body: RoleChange,
        response: DONE,
      },
    },
    async (request, reply) => {
      const actorId = userIdOf(request);
      await changeRole(changeOf(context, request), {
        ...request.params,
        ...request.body,
        actorId,
      });
      return reply.code(204).send();
    },
  );

  for (const [method, muted] of [
    ['PUT', true],
    ['DELETE', false],
  ] as const) {
    app.route({
      method,
      url: '/rooms/:roomId/mute',
      schema: {
        operationId: muted ? 'muteRoom' : 'unmuteRoom',
        summary: muted ? 'Wants no alerts from a room' : 'Wants alerts from a room again',
        tags,
        params: RoomPath,
        response: DONE,
      },
      handler: async (request, reply) => {
        const { roomId } = request.params;
        await muteRoom(changeOf(context, request), { roomId, userId: userIdOf(request), muted });
        return reply.code(204).send();
      },
    });
  }
}
