import { EVENT_BODY_MAX_BYTES, EventBatchResults, NewEvent, PublishedEvent } from '@sori/api';
import type { HttpServer } from '@sori/http';
import { type TSchema, Type } from 'typebox';
import { publishBatch } from '../commands/events/publish-batch.ts';
import { publishEvent } from '../commands/events/publish-event.ts';
import { identityOf } from '../http/caller.ts';
import { originOf } from '../http/origin.ts';
import type { RouteContext } from './context.ts';

const NDJSON = 'application/x-ndjson';

/** By content type: an event, or the text of several. */
const BODY = {
  content: {
    'application/json': { schema: NewEvent },
    [NDJSON]: { schema: Type.String({ description: 'One event a line' }) },
  },
} as unknown as TSchema;

/** The way in for services that do not speak Kafka. */
export function eventRoutes(app: HttpServer, { publisher }: RouteContext): void {
  app.addContentTypeParser(
    NDJSON,
    { parseAs: 'string' },
    async (_request: unknown, body: string) => body,
  );

  app.post(
    '/events',
    {
      bodyLimit: EVENT_BODY_MAX_BYTES,
      schema: {
        operationId: 'publishEvents',
        summary: 'Publishes an event of the catalog, or a batch as NDJSON; for services',
        description:
          'The token must name the topic of each event. A batch is answered line by line.',
        tags: ['events'],
        body: BODY,
        response: { 200: EventBatchResults, 201: PublishedEvent },
      },
    },
    async (request, reply) => {
      const service = identityOf(request);
      const publishing = { publisher, attributes: originOf(request), logger: request.log };
      // Validated by the schema of its content type, of which the compiler knows nothing.
      const body = request.body as NewEvent | string;
      if (typeof body === 'string') {
        return { results: await publishBatch(publishing, service, body) };
      }
      return reply.code(201).send(await publishEvent(publishing, service, body));
    },
  );
}
