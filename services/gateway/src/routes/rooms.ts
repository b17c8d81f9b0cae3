import { NewRoom, RoomAndPeople, RoomChange, RoomPath, RoomsAndPeople } from '@sori/api';
import type { HttpServer } from '@sori/http';
import { archiveRoom } from '../commands/rooms/archive-room.ts';
import { createRoom } from '../commands/rooms/create-room.ts';
import { renameRoom } from '../commands/rooms/rename-room.ts';
import { userIdOf } from '../http/caller.ts';
import { roomAndPeople, roomsAndPeople } from '../queries/rooms.ts';
import { changeOf, type RouteContext } from './context.ts';
import { answers, DONE } from './responses.ts';

export function roomRoutes(app: HttpServer, context: RouteContext): void {
  const tags = ['rooms'];

  app.get(
    '/rooms',
    {
      schema: {
        operationId: 'listRooms',
        summary: 'The rooms that one is in',
        tags,
        response: answers(RoomsAndPeople),
      },
    },
    (request) => roomsAndPeople(context.pool, userIdOf(request)),
  );

  app.post(
    '/rooms',
    {
      schema: {
        operationId: 'createRoom',
        summary: 'Opens a group, or the direct room of two people, which asking again gives again',
        tags,
        body: NewRoom,
        response: { 201: RoomAndPeople },
      },
    },
    async (request, reply) => {
      const userId = userIdOf(request);
      const roomId = await createRoom(changeOf(context, request), userId, request.body);
      const room = await roomAndPeople(context.pool, roomId, userId);
      return reply.code(201).header('location', `/v1/rooms/${roomId}`).send(room);
    },
  );

  app.get(
    '/rooms/:roomId',
    {
      schema: {
        operationId: 'getRoom',
        summary: 'A room that one is in, with its members',
        tags,
        params: RoomPath,
        response: answers(RoomAndPeople),
      },
    },
    (request) => roomAndPeople(context.pool, request.params.roomId, userIdOf(request)),
  );

  app.patch(
    '/rooms/:roomId',
    {
      schema: {
        operationId: 'renameRoom',
        summary: 'Gives a group another name; for moderators and owners',
        tags,
        params: RoomPath,
        body: RoomChange,
        response: DONE,
      },
    },
    async (request, reply) => {
      const { roomId } = request.params;
      const { name } = request.body;
      const actorId = userIdOf(request);
      await renameRoom(changeOf(context, request), { roomId, actorId, name });
      return reply.code(204).send();
    },
  );

  app.post(
    '/rooms/:roomId/archive',
    {
      schema: {
        operationId: 'archiveRoom',
        summary: 'Closes a group to new messages, for good; for owners',
        tags,
        params: RoomPath,
        response: DONE,
      },
    },
    async (request, reply) => {
      await archiveRoom(changeOf(context, request), request.params.roomId, userIdOf(request));
      return reply.code(204).send();
    },
  );
}
