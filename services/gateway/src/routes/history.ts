import { HistoryQuery, MessagePage, RoomPath } from '@sori/api';
import type { HttpServer } from '@sori/http';
import { userIdOf } from '../http/caller.ts';
import { messagePage } from '../queries/history.ts';
import type { RouteContext } from './context.ts';
import { answers } from './responses.ts';

/** What the history service has stored: a message is in it a moment after its 201. */
export function historyRoutes(app: HttpServer, context: RouteContext): void {
  app.get(
    '/rooms/:roomId/messages',
    {
      schema: {
        operationId: 'listMessages',
        summary: 'The latest messages of a room, or those before one, oldest first',
        tags: ['messages'],
        params: RoomPath,
        querystring: HistoryQuery,
        response: answers(MessagePage),
      },
    },
    (request) =>
      messagePage(context.pool, userIdOf(request), { ...request.params, ...request.query }),
  );
}
