import { catalog } from '@sori/chat-events';
import { type HttpServer, Problem } from '@sori/http';
import type { Clock, Logger } from '@sori/stream';
import { identityOf } from '../http/caller.ts';
import { AnalyticsFeed } from '../live/analytics-feed.ts';
import { openEventStream } from '../live/event-stream.ts';
import { analyticsSnapshot } from '../queries/analytics/snapshot.ts';
import type { RouteContext } from './context.ts';

/** Listeners of one gateway at a time. */
const LISTENERS_MAX = 200;

/** When a listener comes back that was cut off, in milliseconds. */
const RETRY_MS = 3_000;

/** The longest that a timer can be set to, in milliseconds: then a listener has to come back. */
const STREAM_MAX_MS = 2 ** 31 - 1;

/** The analytics as they are counted, a frame a second. For operators. */
export function analyticsStreamRoute(
  app: HttpServer,
  { pool }: RouteContext,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): void {
  const feed = new AnalyticsFeed({
    // On one connection, one question after the other: it takes no more of the pool than a request.
    take: () =>
      pool.withConnection((connection) => analyticsSnapshot(connection, catalog, clock.now())),
    clock,
    logger,
  });
  // Answers that do not end by themselves would keep the server from closing.
  app.addHook('preClose', async () => feed[Symbol.dispose]());

  app.get(
    '/analytics/stream',
    {
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamAnalytics',
        summary: 'The analytics as they are counted: an event stream with a snapshot a second',
        tags: ['analytics'],
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      if (feed.listeners >= LISTENERS_MAX) {
        const retryAfterSeconds = RETRY_MS / 1_000;
        throw new Problem(503, 'too-many-listeners', undefined, { retryAfterSeconds });
      }
      const stream = openEventStream(reply, RETRY_MS);
      const left = identityOf(request).expiresAt - clock.now();
      const expiry = clock.setTimer(() => stream.end(), Math.min(left, STREAM_MAX_MS));
      feed.add(stream);
      void stream.ended.then(() => {
        expiry.cancel();
        feed.remove(stream);
      });
      return reply;
    },
  );
}
