import { PresenceOfPeople, PresenceQuery } from '@sori/api';
import type { HttpServer } from '@sori/http';
import { userIdOf } from '../http/caller.ts';
import { presenceOf } from '../queries/presence.ts';
import type { RouteContext } from './context.ts';
import { answers } from './responses.ts';

export function presenceRoutes(app: HttpServer, { pool, presence }: RouteContext): void {
  app.get(
    '/presence',
    {
      schema: {
        operationId: 'getPresence',
        summary: 'Who of some people is there: friends and oneself, others are left out',
        tags: ['people'],
        querystring: PresenceQuery,
        response: answers(PresenceOfPeople),
      },
    },
    (request) =>
      presenceOf({ db: pool, presence }, userIdOf(request), request.query.users.split(',')),
  );
}
