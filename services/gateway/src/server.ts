import { BODY_MAX_BYTES } from '@sori/api';
import {
  addOperationalRoutes,
  createHttpServer,
  type HttpServer,
  type TokenSigner,
  type TokenVerifier,
} from '@sori/http';
import type { Clock, Logger } from '@sori/stream';
import type { Health, Metrics } from '@sori/telemetry';
import { addCallers, requireAccount, requirePerson, requireService } from './http/caller.ts';
import { addApiDescription } from './http/openapi.ts';
import { requireOperator } from './http/operator.ts';
import { addPage } from './http/page.ts';
import { addRequestRates } from './http/request-rates.ts';
import type { RequestRates } from './limits.ts';
import { analyticsRoutes } from './routes/analytics.ts';
import { analyticsStreamRoute } from './routes/analytics-stream.ts';
import type { RouteContext } from './routes/context.ts';
import { developmentSessionRoutes } from './routes/development-sessions.ts';
import { eventRoutes } from './routes/events.ts';
import { friendRoutes } from './routes/friends.ts';
import { historyRoutes } from './routes/history.ts';
import { ownAccountRoutes } from './routes/me.ts';
import { memberRoutes } from './routes/members.ts';
import { messageRoutes } from './routes/messages.ts';
import { peopleRoutes } from './routes/people.ts';
import { presenceRoutes } from './routes/presence.ts';
import { registrationRoutes } from './routes/registration.ts';
import { roomRoutes } from './routes/rooms.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { settingsRoutes } from './routes/settings.ts';

export interface ServerParts {
  readonly context: RouteContext;
  readonly verifier: TokenVerifier;
  /** Signs the tokens of development mode; undefined outside of it. */
  readonly developmentSigner: TokenSigner | undefined;
  readonly edgeUrl: string;
  readonly webRoot: string | undefined;
  readonly rates: RequestRates;
  readonly trustProxy: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
}

/** Puts the gateway's HTTP server together. It does not listen yet. */
export async function buildServer(parts: ServerParts): Promise<HttpServer> {
  const { logger, trustProxy, edgeUrl, webRoot } = parts;
  const app = createHttpServer({ logger, bodyLimitBytes: BODY_MAX_BYTES, trustProxy });
  addOperationalRoutes(app, parts);
  await addApiDescription(app);
  await app.register((v1) => addApi(v1, parts), { prefix: '/v1' });
  if (webRoot !== undefined) await addPage(app, { root: webRoot, edgeUrl });
  await app.ready();
  return app;
}

/** Everything below /v1, by who may use it. */
async function addApi(v1: HttpServer, parts: ServerParts): Promise<void> {
  const { context, developmentSigner, edgeUrl } = parts;
  addCallers(v1, parts.verifier);
  await addRequestRates(v1, parts.rates);

  settingsRoutes(v1, { edgeUrl, development: developmentSigner !== undefined });
  if (developmentSigner !== undefined) developmentSessionRoutes(v1, context, developmentSigner);

  await v1.register(async (signedIn) => {
    requirePerson(signedIn);
    sessionRoutes(signedIn, context);
    registrationRoutes(signedIn, context);
    // They read the account together with what the person may do in the room.
    messageRoutes(signedIn, context);
  });
  await v1.register(async (withAccount) => {
    requireAccount(withAccount, context.pool);
    ownAccountRoutes(withAccount, context);
    peopleRoutes(withAccount, context);
    friendRoutes(withAccount, context);
    roomRoutes(withAccount, context);
    memberRoutes(withAccount, context);
    historyRoutes(withAccount, context);
    presenceRoutes(withAccount, context);
  });
  await v1.register(async (operators) => {
    requireOperator(operators, context.pool);
    analyticsRoutes(operators, context, parts.clock);
    analyticsStreamRoute(operators, context, parts);
  });
  await v1.register(async (services) => {
    requireService(services);
    eventRoutes(services, context);
  });
}
