import { sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { HttpServer } from '@sori/http';
import type { FastifyRequest } from 'fastify';

const INDEX = 'index.html';

/** The folder of files whose names hold a hash of their content, as Vite writes them. */
const HASHED_FOLDER = `${sep}assets${sep}`;

const IMMUTABLE = 'public, max-age=31536000, immutable';
const REVALIDATED = 'no-cache';

export interface PageOptions {
  /** The folder of the built page. */
  readonly root: string;
  /** The edge's URL: the page opens its stream there. */
  readonly edgeUrl: string;
}

/**
 * Serves the built page. Its own addresses (`/rooms/…`) have no files: a browser that asks for HTML
 * gets the page itself there. Nothing below /v1 is ever a page.
 */
export async function addPage(app: HttpServer, { root, edgeUrl }: PageOptions): Promise<void> {
  const policy = pagePolicy(edgeUrl);
  await app.register(fastifyStatic, {
    root,
    // A route for each file that is there now, so that only an unknown address reaches `/*`.
    wildcard: false,
    index: [INDEX],
    cacheControl: false,
    setHeaders(reply, path) {
      const hashed = path.includes(HASHED_FOLDER);
      reply.header('cache-control', hashed ? IMMUTABLE : REVALIDATED);
      if (path.endsWith('.html')) reply.header('content-security-policy', policy);
    },
  });
  app.get('/*', { schema: { hide: true } }, (request, reply) =>
    wantsPage(request) ? reply.sendFile(INDEX) : reply.callNotFound(),
  );
}

function wantsPage({ url, headers }: FastifyRequest): boolean {
  const isApi = /^\/v1(?:[/?]|$)/.test(url);
  return !isApi && headers.accept?.includes('text/html') === true;
}

/** Scripts and styles from here only; connections to here and to the edge. */
function pagePolicy(edgeUrl: string): string {
  return [
    "default-src 'self'",
    `connect-src 'self' ${new URL(edgeUrl).origin}`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
