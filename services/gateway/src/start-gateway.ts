import { catalog, messageEvents, userOnlineStatus } from '@sori/chat-events';
import { createTokenSigner, createTokenVerifier, type TokenSigner } from '@sori/http';
import { createRelayWaker, type Pool } from '@sori/postgres';
import { followPresence } from '@sori/presence';
import {
  type Clock,
  createPublisher,
  type Logger,
  type LogReader,
  type LogWriter,
  type PublisherLimits,
  systemClock,
} from '@sori/stream';
import { createHealth, type Metrics } from '@sori/telemetry';
import { SOURCE } from './http/origin.ts';
import { DEFAULT_REQUEST_RATES, DELIVERY_DEADLINE_MS, type RequestRates } from './limits.ts';
import { buildServer } from './server.ts';
import { warmUp } from './warm-up.ts';

/** What signs the tokens: a secret shared with us, or someone whose public keys are at a URL. */
export type TokenKey = { readonly secret: string } | { readonly jwksUrl: string };

export interface GatewayOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Stay the caller's. */
  readonly pool: Pool;
  readonly log: LogWriter;
  readonly reader: LogReader;
  readonly tokens: TokenKey & { readonly issuer: string; readonly audience: string };
  /** Lets anybody sign in as anybody: `POST /v1/dev/sessions`. Needs a shared secret. */
  readonly development: boolean;
  /** The edge's URL as browsers reach it. */
  readonly edgeUrl: string;
  /** The folder of the built page; no page is served without it. */
  readonly webRoot?: string | undefined;
  readonly rates?: Partial<RequestRates> | undefined;
  /** Whether X-Forwarded-… headers are believed: only behind a proxy that sets them itself. */
  readonly trustProxy?: boolean | undefined;
  readonly publisherLimits?: Partial<PublisherLimits> | undefined;
  readonly name?: string | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock?: Clock | undefined;
}

/** A running gateway. Disposing it turns readiness off, answers what has begun, and flushes. */
export interface Gateway extends AsyncDisposable {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
}

/**
 * Starts a gateway. It listens at once, and is ready when the log and the database are: neither need
 * be there at the start. Throws RangeError for development mode without a shared secret.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { host, port, pool, logger, metrics, clock = systemClock } = options;
  const developmentSigner = options.development ? developmentSignerOf(options) : undefined;
  await using starting = new AsyncDisposableStack();
  const publisher = starting.use(
    createPublisher({
      catalog,
      log: options.log,
      source: SOURCE,
      clock,
      logger,
      metrics: metrics.publisher(options.name ?? 'gateway'),
      limits: { deliveryDeadlineMs: DELIVERY_DEADLINE_MS, ...options.publisherLimits },
    }),
  );
  const presence = starting.use(
    followPresence({ topic: userOnlineStatus.name, reader: options.reader, clock, logger }),
  );
  const health = createHealth();
  const app = await buildServer({
    context: { pool, publisher, presence, waker: createRelayWaker({ pool, logger, clock }) },
    verifier: createTokenVerifier(options.tokens),
    developmentSigner,
    edgeUrl: options.edgeUrl,
    webRoot: options.webRoot,
    rates: { ...DEFAULT_REQUEST_RATES, ...options.rates },
    trustProxy: options.trustProxy ?? false,
    clock,
    logger,
    health,
    metrics,
  });
  starting.defer(() => app.close());
  // What the requests write to; the outbox has a relay, and service events open what they need.
  const warming = starting.use(warmUp({ publisher, topics: [messageEvents.name], clock, logger }));
  health.ready('log', () => (warming.isDone() ? undefined : 'not opened yet'));
  // Not a matter of readiness: all else is served without it.
  health.note('presence', () => (presence.isCaughtUp ? undefined : 'not read yet'));
  health.ready('database', async () => {
    await pool.query('SELECT 1');
    return undefined;
  });
  const url = await app.listen({ host, port });
  if (developmentSigner !== undefined) {
    logger.warn({ url }, 'development mode: anybody may sign in as anybody');
  }
  logger.info({ url }, 'the gateway listens');
  starting.defer(() => health.drain());
  const running = starting.move();
  return { url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function developmentSignerOf({ tokens }: GatewayOptions): TokenSigner {
  if (!('secret' in tokens)) {
    throw new RangeError('development mode signs tokens itself, with a shared secret');
  }
  return createTokenSigner(tokens);
}
