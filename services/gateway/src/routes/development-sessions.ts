import { DevelopmentSession, DevelopmentSignIn } from '@sori/api';
import { type HttpServer, SESSION_COOKIE, type TokenSigner } from '@sori/http';
import { signIn } from '../commands/users/sign-in.ts';
import { OPERATOR_ROLE } from '../http/operator.ts';
import { DEVELOPMENT_SESSION_SECONDS } from '../limits.ts';
import { changeOf, type RouteContext } from './context.ts';
import { SESSION_COOKIE_OPTIONS } from './session-cookie.ts';

/** Sign-in without any proof of who it is. Registered in development mode only. */
export function developmentSessionRoutes(
  app: HttpServer,
  context: RouteContext,
  signer: TokenSigner,
): void {
  app.post(
    '/dev/sessions',
    {
      schema: {
        operationId: 'signInForDevelopment',
        summary: 'Signs in by a handle alone, and up at the first time; development mode only',
        tags: ['sessions'],
        security: [],
        body: DevelopmentSignIn,
        response: { 201: DevelopmentSession },
      },
    },
    async (request, reply) => {
      const { handle, displayName, operator = false } = request.body;
      const { person, sessionId } = await signIn(changeOf(context, request), {
        handle,
        displayName,
      });
      const roles = operator ? [OPERATOR_ROLE] : [];
      const { token, expiresAt } = await signer.sign(
        { kind: 'user', subject: person.id, sessionId, roles, topics: [] },
        DEVELOPMENT_SESSION_SECONDS,
      );
      const expires = new Date(expiresAt);
      reply.setCookie(SESSION_COOKIE, token, { ...SESSION_COOKIE_OPTIONS, expires });
      return reply.code(201).send({ token, expiresAt: expires.toISOString(), user: person });
    },
  );
}
