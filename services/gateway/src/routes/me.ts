import { Person, ProfileChange } from '@sori/api';
import { type HttpServer, SESSION_COOKIE } from '@sori/http';
import { deleteAccount } from '../commands/users/delete-account.ts';
import { updateProfile } from '../commands/users/update-profile.ts';
import { userIdOf } from '../http/caller.ts';
import { personWithId } from '../queries/people.ts';
import { changeOf, type RouteContext } from './context.ts';
import { answers, DONE } from './responses.ts';
import { SESSION_COOKIE_OPTIONS } from './session-cookie.ts';

export function ownAccountRoutes(app: HttpServer, context: RouteContext): void {
  const tags = ['people'];

  app.get(
    '/me',
    {
      schema: {
        operationId: 'getMe',
        summary: 'Oneself',
        tags,
        response: answers(Person),
      },
    },
    (request) => personWithId(context.pool, userIdOf(request)),
  );

  app.patch(
    '/me',
    {
      schema: {
        operationId: 'updateProfile',
        summary: "Changes one's display name",
        tags,
        body: ProfileChange,
        response: answers(Person),
      },
    },
    async (request) => {
      const userId = userIdOf(request);
      await updateProfile(changeOf(context, request), userId, request.body.displayName);
      return personWithId(context.pool, userId);
    },
  );

  app.delete(
    '/me',
    {
      schema: {
        operationId: 'deleteAccount',
        summary: 'Deletes the account: leaves every room, ends every friendship, wipes the name',
        tags,
        response: DONE,
      },
    },
    async (request, reply) => {
      await deleteAccount(changeOf(context, request), userIdOf(request));
      reply.clearCookie(SESSION_COOKIE, SESSION_COOKIE_OPTIONS);
      return reply.code(204).send();
    },
  );
}
