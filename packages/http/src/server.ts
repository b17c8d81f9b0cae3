import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Logger } from '@sori/stream';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  fastify,
  LogController,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import { refuseConnection } from './client-errors.ts';
import { fastifyLogger } from './fastify-logger.ts';
import { KnownRoutes } from './known-routes.ts';
import { OutageLines } from './outage-lines.ts';
import { Problem } from './problem.ts';
import { compileSchema } from './schema-validation.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { SilentConnections } from './silent-connections.ts';
import { toProblem } from './to-problem.ts';

/** A Fastify server whose route schemas are TypeBox's. */
export type HttpServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** The largest body unless a server or route says otherwise, in bytes. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/** All headers of a request together, in bytes. */
const HEADERS_LIMIT_BYTES = 16 * 1024;

/** One parameter of a path, in characters: an id, or an emoji with its escapes. */
const PATH_PARAMETER_MAX_LENGTH = 256;

/** How long an idle connection is kept: longer than load balancers keep theirs. */
const KEEP_ALIVE_MS = 72_000;

export interface HttpTimeouts {
  /** From the first byte of a request to the end of its headers, in milliseconds. */
  readonly headersMs: number;
  /** From the first byte of a request to its last, in milliseconds. An answer may take longer. */
  readonly requestMs: number;
  /** How often connections are looked over for both. */
  readonly checkEveryMs: number;
}

const DEFAULT_TIMEOUTS: HttpTimeouts = {
  headersMs: 10_000,
  requestMs: 30_000,
  checkEveryMs: 2_000,
};

export interface HttpServerOptions {
  readonly logger: Logger;
  /** `BODY_LIMIT_BYTES` unless given. */
  readonly bodyLimitBytes?: number;
  /** Whether X-Forwarded-… headers are believed: only behind a proxy that sets them itself. */
  readonly trustProxy?: boolean;
  readonly timeouts?: Partial<HttpTimeouts>;
}

/**
 * Makes a server with what all services share: route schemas that refuse unknown fields and convert
 * no body, problem+json for every refusal, request ids, security headers, cookies. It listens when
 * the caller says so; `close` waits for requests that are being answered.
 */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const app: HttpServer = fastify({
    loggerInstance: fastifyLogger(options.logger),
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    bodyLimit: options.bodyLimitBytes ?? BODY_LIMIT_BYTES,
    trustProxy: options.trustProxy ?? false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: timeouts.requestMs,
    http: {
      maxHeaderSize: HEADERS_LIMIT_BYTES,
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: timeouts.checkEveryMs,
    },
    routerOptions: { maxParamLength: PATH_PARAMETER_MAX_LENGTH },
    requestIdHeader: false,
    genReqId: (request) => requestId(request.headers['x-request-id']),
    // While it closes, what still comes in on open connections is answered, not refused.
    return503OnClosing: false,
    // A path that the router itself refuses never reaches hooks or the error handler.
    frameworkErrors: (error, _request, reply) => {
      reply.headers(SECURITY_HEADERS);
      return refuse(reply, toProblem(error));
    },
    clientErrorHandler: refuseConnection,
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setValidatorCompiler(compileSchema);
  // JSON only: Fastify's own text parser would make a body of any text.
  app.removeContentTypeParser('text/plain');
  app.register(cookie);
  addHooks(app);
  const silent = new SilentConnections(app.server);
  app.addHook('preClose', async () => silent.end());
  addRefusals(app);
  return app;
}

function addHooks(app: HttpServer): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    request.log.debug(
      {
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
      },
      'request answered',
    );
  });
}

function addRefusals(app: HttpServer): void {
  const routes = new KnownRoutes();
  const outages = new OutageLines();
  app.addHook('onRoute', (route) => routes.add(route));
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    const methods = routes.methodsOf(path);
    if (methods.length === 0) return refuse(reply, new Problem(404, 'not-found'));
    // The router turns away what is longer than a parameter of a path may be.
    if (methods.includes(request.method)) return refuse(reply, new Problem(414, 'url-too-long'));
    const headers = { allow: methods.join(', ') };
    return refuse(reply, new Problem(405, 'method-not-allowed', undefined, { headers }));
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error);
    const fields = { method: request.method, route: request.routeOptions.url, code: problem.code };
    // A handler that says no by itself, as a readiness check does, is no outage: it has no cause.
    const outage = problem.status > 500 && problem.cause !== undefined;
    if (problem.status === 500) request.log.error({ ...fields, err: error }, 'request failed');
    else if (outage && outages.due(problem.code))
      request.log.warn({ ...fields, err: error }, 'requests fail');
    else request.log.debug({ ...fields, err: error }, 'request refused');
    return refuse(reply, problem);
  });
}

function refuse(reply: FastifyReply, problem: Problem): FastifyReply {
  // As text: a route's response schemas would leave out members that they do not name.
  return reply
    .code(problem.status)
    .headers(problem.responseHeaders())
    .send(JSON.stringify(problem.body()));
}

/** The caller's own id of a request if it is harmless in a header and a log, else a new one. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}
