import { notificationEvents } from '@sori/chat-events';
import { addOperationalRoutes, createHttpServer, type TokenVerifier } from '@sori/http';
import { type Clock, type Logger, type LogReader, systemClock } from '@sori/stream';
import type { Health, Metrics } from '@sori/telemetry';
import { createDelivery } from './delivery.ts';
import { DEFAULT_LIMITS, type EdgeLimits } from './limits.ts';
import { EdgeMetrics } from './metrics.ts';
import type { PresenceSources } from './presence/edge-presence.ts';
import { Origins } from './server/origins.ts';
import { addStreamRoute } from './server/stream-route.ts';

/** How long clients that were told to go may take before they are cut off, in milliseconds. */
const CLOSE_GRACE_MS = 2_000;

export interface EdgeOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Stays the caller's. */
  readonly log: LogReader;
  readonly verifier: TokenVerifier;
  /** Origins, as `https://chat.example`, whose pages may read streams, beside the edge's own. */
  readonly origins?: readonly string[] | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  /** Who is there: without it, nothing is said and shown of that. */
  readonly presence?: PresenceSources | undefined;
  /** The catalog's unless given. */
  readonly topic?: string | undefined;
  readonly limits?: Partial<EdgeLimits> | undefined;
  readonly clock?: Clock | undefined;
  /** From 0 up to 1; `Math.random` unless given. */
  readonly random?: (() => number) | undefined;
}

/** Streams of notifications. Disposing it ends them at a bounded rate, then the server. */
export interface Edge extends AsyncDisposable {
  /** As `http://127.0.0.1:8081`. */
  readonly url: string;
}

/**
 * Starts an edge: it listens at once, and is ready, and this resolves, when it has read the feed up to
 * what was its end. Rejects with LogError when the log cannot be read, and if it cannot listen.
 */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const { log, logger, health, metrics: registry, random = Math.random } = options;
  const clock = options.clock ?? systemClock;
  const topic = options.topic ?? notificationEvents.name;
  const limits: EdgeLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const metrics = new EdgeMetrics(registry.registry);

  await using starting = new AsyncDisposableStack();
  const delivery = starting.use(
    createDelivery({
      topic,
      log,
      limits,
      clock,
      logger,
      metrics,
      random,
      presence: options.presence,
      publisherMetrics: options.presence && registry.publisher(options.presence.edgeId),
    }),
  );
  const { context, hub, reader, resumer } = delivery;
  let isReady = false;
  health.ready('feed', () => (isReady ? undefined : 'reading the feed up to its end'));
  // Not a matter of readiness: no other edge could read it either, and streams go on afterwards.
  health.note('log', () =>
    reader.failing.size === 0 ? undefined : `${reader.failing.size} partitions cannot be read now`,
  );

  const app = createHttpServer({ logger });
  addOperationalRoutes(app, { health, metrics: registry });
  const origins = new Origins(options.origins ?? []);
  const { verifier } = options;
  addStreamRoute(app, { verifier, origins, hub, resumer, context, isReady: () => isReady });
  const url = await app.listen({ host: options.host, port: options.port });
  starting.defer(async () => {
    const cut = setTimeout(() => app.server.closeAllConnections(), CLOSE_GRACE_MS);
    await app.close();
    clearTimeout(cut);
  });
  starting.defer(() => hub.drain());
  starting.defer(() => health.drain());

  await reader.start();
  isReady = true;
  const running = starting.move();
  return { url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
