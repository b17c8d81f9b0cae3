import { EVENT_BODY_MAX_BYTES, NewEvent, PublishedEvent } from '@sori/api';
import type { HttpServer } from '@sori/http';
import { publishEvent } from '../commands/events/publish-event.ts';
import { identityOf } from '../http/caller.ts';
import { originOf } from '../http/origin.ts';
import type { RouteContext } from './context.ts';

/** The way in for services that do not speak Kafka. */
export function eventRoutes(app: HttpServer, { publisher }: RouteContext): void {
  app.post(
    '/events',
    {
      bodyLimit: EVENT_BODY_MAX_BYTES,
      schema: {
        operationId: 'publishEvent',
        summary: 'Publishes an event of the catalog; for services whose token names its topic',
        tags: ['events'],
        body: NewEvent,
        response: { 201: PublishedEvent },
      },
    },
    async (request, reply) => {
      const publishing = { publisher, attributes: originOf(request) };
      const published = await publishEvent(publishing, identityOf(request), request.body);
      return reply.code(201).send(published);
    },
  );
}
