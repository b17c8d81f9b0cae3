import { Problem } from '@sori/http';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** How long a browser may keep a preflight's answer, in seconds. */
const PREFLIGHT_MAX_AGE_SECONDS = 600;

/** Which pages may read streams: those of this host, and of the origins given. */
export class Origins {
  readonly #allowed: ReadonlySet<string>;

  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed);
  }

  /**
   * Allows the page that asks to read the answer, whatever that will be (Fetch, "CORS protocol", with
   * credentials). Throws Problem 403 `foreign-origin`: browsers send the cookie for any page.
   */
  admit(request: FastifyRequest, reply: FastifyReply): void {
    const { origin } = request.headers;
    reply.header('vary', 'origin');
    if (origin === undefined) return;
    if (this.#allowed.has(origin)) {
      reply.header('access-control-allow-origin', origin);
      reply.header('access-control-allow-credentials', 'true');
    } else if (URL.parse(origin)?.host !== request.host) {
      throw new Problem(403, 'foreign-origin', 'pages of this origin may not read streams here');
    }
  }

  /** Answers what a browser asks before a request with headers of its own. */
  answerPreflight(request: FastifyRequest, reply: FastifyReply): void {
    this.admit(request, reply);
    reply
      .code(204)
      .header('access-control-allow-methods', 'GET')
      .header('access-control-allow-headers', 'authorization, last-event-id, cache-control')
      .header('access-control-max-age', String(PREFLIGHT_MAX_AGE_SECONDS))
      .send();
  }
}
