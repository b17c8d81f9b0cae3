import { authenticate, type HttpServer, type Identity, type TokenVerifier } from '@sori/http';
import { findAccount, type Queryable } from '@sori/postgres';
import type { FastifyRequest } from 'fastify';
import { Refused } from '../commands/refused.ts';

const CALLER = 'caller';

/** Who sent a request, or why that is not known. */
type Caller =
  | { readonly identity: Identity; readonly error?: undefined }
  | { readonly identity?: undefined; readonly error: unknown };

/**
 * Finds out, for every request of this scope, who sent it. Nobody is refused here: routes without
 * sign-in work, and requests with bad tokens are counted against their address.
 */
export function addCallers(app: HttpServer, verifier: TokenVerifier): void {
  app.decorateRequest(CALLER, null);
  app.addHook('onRequest', async (request) => {
    request.setDecorator<Caller>(CALLER, await callerOf(request, verifier));
  });
}

async function callerOf(request: FastifyRequest, verifier: TokenVerifier): Promise<Caller> {
  try {
    return { identity: await authenticate(request, verifier) };
  } catch (error) {
    return { error };
  }
}

export function identityIfKnown(request: FastifyRequest): Identity | undefined {
  return request.getDecorator<Caller>(CALLER).identity;
}

/** Throws what authentication threw. */
export function identityOf(request: FastifyRequest): Identity {
  const { identity, error } = request.getDecorator<Caller>(CALLER);
  if (identity === undefined) throw error;
  return identity;
}

/** The signed-in person's identity; throws for services too. */
export function personOf(request: FastifyRequest): Identity {
  const identity = identityOf(request);
  if (identity.kind !== 'user') throw new Refused('user-required');
  return identity;
}

export function userIdOf(request: FastifyRequest): string {
  return personOf(request).subject;
}

/** Refuses everybody but signed-in people, before their bodies are read. */
export function requirePerson(app: HttpServer): void {
  app.addHook('preParsing', async (request) => {
    personOf(request);
  });
}

/** Refuses everybody but services, before their bodies are read. */
export function requireService(app: HttpServer): void {
  app.addHook('preParsing', async (request) => {
    if (identityOf(request).kind !== 'service') throw new Refused('service-required');
  });
}

/** Refuses people without an account: a deleted one's tokens are good for nothing from then on. */
export function requireAccount(app: HttpServer, db: Queryable): void {
  requirePerson(app);
  app.addHook('preHandler', async (request) => {
    const account = await findAccount(db, userIdOf(request));
    if (account === undefined) throw new Refused('not-registered');
    if (account.deleted) throw new Refused('account-deleted');
  });
}
