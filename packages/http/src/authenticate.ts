import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';
import type { Identity, TokenVerifier } from './token.ts';

/** The cookie that holds a browser's token. */
export const SESSION_COOKIE = 'sori_session';

/** Methods that change nothing (RFC 9110, 9.2.1): a page elsewhere may make a browser send them. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What a browser says of a request that a page of another site, or of another origin, made. */
const FOREIGN_SITES = new Set(['cross-site', 'same-site']);

/**
 * Who sent the request, by its bearer token (RFC 6750), else by its cookie. A browser adds the cookie
 * to whatever page makes the request, so with a cookie an unsafe method must come from our own pages.
 * Rejects with Problem 401 `token-missing`, `token-invalid`, `token-expired`, 403 `foreign-origin`.
 */
export async function authenticate(
  request: FastifyRequest,
  verifier: TokenVerifier,
): Promise<Identity> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
    if (token === undefined) {
      throw new Problem(401, 'token-invalid', 'the Authorization header holds no bearer token');
    }
    return verifier.verify(token);
  }
  const token = request.cookies[SESSION_COOKIE];
  if (token === undefined || token === '') {
    throw new Problem(401, 'token-missing', 'sign in first');
  }
  if (!SAFE_METHODS.has(request.method)) assertOwnOrigin(request);
  return verifier.verify(token);
}

function assertOwnOrigin(request: FastifyRequest): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  // Only the host is compared: behind a proxy that ends TLS the protocol differs from the page's.
  const foreign =
    origin === undefined
      ? FOREIGN_SITES.has(String(site))
      : URL.parse(origin)?.host !== request.host;
  if (foreign) {
    throw new Problem(
      403,
      'foreign-origin',
      'a page of another origin may not change anything here',
    );
  }
}
