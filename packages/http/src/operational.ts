import type { Logger } from '@sori/stream';
import type { Health, HealthKind, Metrics } from '@sori/telemetry';
import type { FastifySchema } from 'fastify';
import { Problem } from './problem.ts';
import { createHttpServer, type HttpServer } from './server.ts';

/** Not a part of the API that is described to clients. */
const HIDDEN: FastifySchema & { readonly hide: true } = { hide: true };

export interface OperationalRoutes {
  readonly health: Health;
  readonly metrics: Metrics;
}

/**
 * Adds `GET /healthz` (restart me?), `GET /readyz` (give me work?) and `GET /metrics`, and counts
 * every request of the server. A failed check is 503 `not-live` or `not-ready` with `problems`; what
 * is wrong and decides nothing stands in `notes`.
 */
export function addOperationalRoutes(
  app: HttpServer,
  { health, metrics }: OperationalRoutes,
): void {
  const answer = async (kind: HealthKind) => {
    const { ok, problems, ...told } = await health.report(kind);
    if (!ok) throw new Problem(503, `not-${kind}`, undefined, { extra: { problems, ...told } });
    return { status: 'ok', ...told };
  };
  app.get('/healthz', { schema: HIDDEN }, () => answer('live'));
  app.get('/readyz', { schema: HIDDEN }, () => answer('ready'));
  app.get('/metrics', { schema: HIDDEN }, async (_request, reply) => {
    reply.type(metrics.contentType);
    return metrics.text();
  });
  const requests = metrics.http();
  app.addHook('onResponse', async (request, reply) => {
    // The route, not the address: an address holds ids, and there is no end of them.
    const route = request.routeOptions.url ?? 'none';
    requests.answered(request.method, route, reply.statusCode, reply.elapsedTime);
  });
}

export interface OperationalServerOptions extends OperationalRoutes {
  readonly host: string;
  readonly port: number;
  readonly logger: Logger;
}

export interface OperationalServer extends AsyncDisposable {
  /** As `http://127.0.0.1:9100`. */
  readonly url: string;
}

/** Serves the operational routes alone, for a service that has no other HTTP. */
export async function startOperationalServer(
  options: OperationalServerOptions,
): Promise<OperationalServer> {
  const app = createHttpServer({ logger: options.logger });
  addOperationalRoutes(app, options);
  const url = await app.listen({
    host: options.host,
    port: options.port,
    listenTextResolver: () => 'listening',
  });
  return { url, [Symbol.asyncDispose]: () => app.close() };
}
