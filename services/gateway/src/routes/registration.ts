import { NewPerson, Person } from '@sori/api';
import type { HttpServer } from '@sori/http';
import { register } from '../commands/users/register.ts';
import { userIdOf } from '../http/caller.ts';
import { changeOf, type RouteContext } from './context.ts';

/** For those who have a token and no account yet. */
export function registrationRoutes(app: HttpServer, context: RouteContext): void {
  app.post(
    '/users',
    {
      schema: {
        operationId: 'register',
        summary: 'Makes the account of the signed-in identity, whose subject becomes the user id',
        tags: ['people'],
        body: NewPerson,
        response: { 201: Person },
      },
    },
    async (request, reply) => {
      const person = { id: userIdOf(request), ...request.body };
      await register(changeOf(context, request), person);
      return reply.code(201).send(person);
    },
  );
}
