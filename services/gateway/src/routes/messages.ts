import {
  MessageChange,
  MessageDeletion,
  MessagePath,
  NewMessage,
  ReactionPath,
  ReadUpTo,
  RoomPath,
  SentMessage,
} from '@sori/api';
import type { HttpServer } from '@sori/http';
import { deleteMessage } from '../commands/messages/delete-message.ts';
import { editMessage } from '../commands/messages/edit-message.ts';
import { markRead } from '../commands/messages/mark-read.ts';
import { react } from '../commands/messages/react.ts';
import { sendMessage } from '../commands/messages/send-message.ts';
import { userIdOf } from '../http/caller.ts';
import { messageLogOf, type RouteContext } from './context.ts';
import { DONE } from './responses.ts';

/** Answers come after the log's acknowledgement: what is said to be done is stored. */
export function messageRoutes(app: HttpServer, context: RouteContext): void {
  const tags = ['messages'];

  app.post(
    '/rooms/:roomId/messages',
    {
      schema: {
        operationId: 'sendMessage',
        summary: 'Sends a message; the same clientMessageId is the same message',
        tags,
        params: RoomPath,
        body: NewMessage,
        response: { 201: SentMessage },
      },
    },
    async (request, reply) => {
      const log = messageLogOf(context, request);
      const { roomId } = request.params;
      const sent = await sendMessage(log, userIdOf(request), roomId, request.body);
      return reply.code(201).send(sent);
    },
  );

  app.patch(
    '/rooms/:roomId/messages/:messageId',
    {
      schema: {
        operationId: 'editMessage',
        summary: "Changes the text of one's own message, which its clientMessageId proves",
        tags,
        params: MessagePath,
        body: MessageChange,
        response: DONE,
      },
    },
    async (request, reply) => {
      const log = messageLogOf(context, request);
      await editMessage(log, userIdOf(request), request.params, request.body);
      return reply.code(204).send();
    },
  );

  app.delete(
    '/rooms/:roomId/messages/:messageId',
    {
      schema: {
        operationId: 'deleteMessage',
        summary: "Takes one's own message back, or as a moderator or owner anybody's",
        tags,
        params: MessagePath,
        querystring: MessageDeletion,
        response: DONE,
      },
    },
    async (request, reply) => {
      const log = messageLogOf(context, request);
      const { clientMessageId } = request.query;
      const message = { ...request.params, clientMessageId };
      await deleteMessage(log, userIdOf(request), message);
      return reply.code(204).send();
    },
  );

  for (const [method, present] of [
    ['PUT', true],
    ['DELETE', false],
  ] as const) {
    app.route({
      method,
      url: '/rooms/:roomId/messages/:messageId/reactions/:emoji',
      schema: {
        operationId: present ? 'addReaction' : 'removeReaction',
        summary: present ? 'Reacts to a message' : 'Takes a reaction back',
        tags,
        params: ReactionPath,
        response: DONE,
      },
      handler: async (request, reply) => {
        const log = messageLogOf(context, request);
        await react(log, userIdOf(request), { ...request.params, present });
        return reply.code(204).send();
      },
    });
  }

  app.put(
    '/rooms/:roomId/read',
    {
      schema: {
        operationId: 'markRead',
        summary: 'Says that everything up to a message was seen',
        tags,
        params: RoomPath,
        body: ReadUpTo,
        response: DONE,
      },
    },
    async (request, reply) => {
      const log = messageLogOf(context, request);
      await markRead(log, userIdOf(request), { ...request.params, ...request.body });
      return reply.code(204).send();
    },
  );
}
