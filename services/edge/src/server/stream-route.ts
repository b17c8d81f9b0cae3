import {
  authenticate,
  type HttpServer,
  type Identity,
  Problem,
  type TokenVerifier,
} from '@sori/http';
import { DependencyUnavailable } from '@sori/stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Connection, type ConnectionContext } from '../connection/connection.ts';
import { retryLine } from '../connection/frames.ts';
import type { Hub } from '../hub/hub.ts';
import type { RefusalReason } from '../metrics.ts';
import type { Resumer } from '../resume/resumer.ts';
import { deviceOf } from './device.ts';
import type { Origins } from './origins.ts';
import { STREAM_HEADERS, startStream } from './response-transport.ts';

export const STREAM_PATH = '/v1/stream';

/** When a client that was refused comes back, spread evenly between the two. */
const REFUSED_RETRY_MIN_MS = 3_000;
const REFUSED_RETRY_MAX_MS = 10_000;

export interface StreamRouteOptions {
  readonly verifier: TokenVerifier;
  readonly origins: Origins;
  readonly hub: Hub;
  readonly resumer: Resumer;
  readonly context: ConnectionContext;
  /** Whether the feed has been read up to what was its end at the start. */
  readonly isReady: () => boolean;
}

/**
 * `GET /v1/stream`. A browser's EventSource gives up for good after any answer but 200, so whoever can
 * be served later gets 200, a time to come back, and the end. What is left:
 * - 204: the account or the session is over; stop
 * - 401 `token-missing`, `token-invalid`, `token-expired`: sign in first
 * - 403 `not-a-user`, `foreign-origin`: never
 */
export function addStreamRoute(app: HttpServer, options: StreamRouteOptions): void {
  const { origins } = options;
  app.options(STREAM_PATH, (request, reply) => origins.answerPreflight(request, reply));
  app.get(STREAM_PATH, { exposeHeadRoute: false }, async (request, reply) => {
    origins.admit(request, reply);
    const identity = await identify(request, options.verifier);
    if (identity === undefined) return refuse('identity-unavailable', reply, options);
    const { kind, subject, sessionId } = identity;
    if (kind !== 'user') throw new Problem(403, 'not-a-user', 'streams are for people');
    if (options.hub.hasEnded(subject, sessionId)) return reply.code(204).send();
    const refusal = options.isReady() ? options.hub.refusalOf(subject) : 'starting';
    if (refusal !== undefined) return refuse(refusal, reply, options);
    open(identity, request, reply, options);
    return reply;
  });
}

/** Undefined where the keys that tell are not to be had now. */
async function identify(
  request: FastifyRequest,
  verifier: TokenVerifier,
): Promise<Identity | undefined> {
  try {
    return await authenticate(request, verifier);
  } catch (error) {
    if (error instanceof DependencyUnavailable) return undefined;
    throw error;
  }
}

function refuse(
  reason: RefusalReason,
  reply: FastifyReply,
  { context }: StreamRouteOptions,
): FastifyReply {
  context.metrics.refused(reason);
  const spread = context.random() * (REFUSED_RETRY_MAX_MS - REFUSED_RETRY_MIN_MS);
  return reply.headers(STREAM_HEADERS).send(retryLine(REFUSED_RETRY_MIN_MS + spread));
}

function open(
  { subject, sessionId, expiresAt }: Identity,
  request: FastifyRequest,
  reply: FastifyReply,
  { hub, resumer, context }: StreamRouteOptions,
): void {
  const transport = startStream(reply);
  const response = reply.raw;
  // It may have gone while its token was checked; then nothing says so any more.
  if (response.destroyed) return;
  const connection = new Connection(context, {
    userId: subject,
    sessionId,
    expiresAt,
    device: deviceOf(request),
    transport,
  });
  response.on('drain', () => connection.drained());
  response.on('close', () => {
    connection.closed();
    hub.remove(connection);
  });
  hub.add(connection);
  resumer.start(connection, cursorOf(request));
}

/** The header is what EventSource sends when it reconnects: its address is still the first one's. */
function cursorOf(request: FastifyRequest): string | undefined {
  const header = request.headers['last-event-id'];
  if (typeof header === 'string' && header !== '') return header;
  const { cursor } = request.query as { readonly cursor?: string | readonly string[] };
  return cursor === undefined || cursor === '' ? undefined : String(cursor);
}
