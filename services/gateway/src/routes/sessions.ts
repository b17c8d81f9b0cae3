import { type HttpServer, SESSION_COOKIE } from '@sori/http';
import { endSession } from '../commands/users/end-session.ts';
import { personOf } from '../http/caller.ts';
import { changeOf, type RouteContext } from './context.ts';
import { DONE } from './responses.ts';
import { SESSION_COOKIE_OPTIONS } from './session-cookie.ts';

export function sessionRoutes(app: HttpServer, context: RouteContext): void {
  app.delete(
    '/sessions/current',
    {
      schema: {
        operationId: 'signOut',
        summary: 'Signs out: clears the cookie and tells that the session ended',
        tags: ['sessions'],
        response: DONE,
      },
      // First of all, so that the cookie goes even if its token is not good any more.
      onRequest: async (_request, reply) => {
        reply.clearCookie(SESSION_COOKIE, SESSION_COOKIE_OPTIONS);
      },
    },
    async (request, reply) => {
      const { subject, sessionId } = personOf(request);
      if (sessionId !== undefined) {
        await endSession(changeOf(context, request), subject, sessionId);
      }
      return reply.code(204).send();
    },
  );
}
