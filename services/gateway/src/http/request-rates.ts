import rateLimit from '@fastify/rate-limit';
import { type HttpServer, Problem } from '@sori/http';
import type { FastifyRequest } from 'fastify';
import { RATE_WINDOW_MS, RATED_CALLERS_MAX, type RequestRates } from '../limits.ts';
import { identityIfKnown } from './caller.ts';

/** Counts the requests of each caller of this scope, in this process, and refuses what is too much. */
export async function addRequestRates(app: HttpServer, rates: RequestRates): Promise<void> {
  await app.register(rateLimit, {
    timeWindow: RATE_WINDOW_MS,
    cache: RATED_CALLERS_MAX,
    enableDraftSpec: true,
    keyGenerator: nameOf,
    max: (request) => rateOf(request, rates),
    errorResponseBuilder: (_request, { ttl }) =>
      new Problem(429, 'rate-limited', 'more requests than one caller may make', {
        retryAfterSeconds: Math.ceil(ttl / 1_000),
      }),
  });
}

function nameOf(request: FastifyRequest): string {
  const identity = identityIfKnown(request);
  return identity === undefined ? `address ${request.ip}` : `${identity.kind} ${identity.subject}`;
}

function rateOf(request: FastifyRequest, rates: RequestRates): number {
  const identity = identityIfKnown(request);
  if (identity === undefined) return rates.address;
  return identity.kind === 'service' ? rates.service : rates.person;
}
