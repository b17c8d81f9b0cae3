import type { NewEvent, PublishedEvent } from '@sori/api';
import { catalog } from '@sori/chat-events';
import { type DataProblem, type EventDraft, InvalidEventData } from '@sori/contract';
import { type Identity, Problem } from '@sori/http';
import type { PublishAttributes, Publisher } from '@sori/stream';
import { Refused } from '../refused.ts';

export interface EventPublishing {
  readonly publisher: Pick<Publisher, 'publish'>;
  /** Of the request: trace, and the correlation of events that name none. */
  readonly attributes: PublishAttributes;
}

/**
 * Publishes an event of the catalog for a service whose token names its topic. Rejects with Problem
 * 400 `invalid-event`, which says where, and as Publisher does.
 */
export async function publishEvent(
  { publisher, attributes }: EventPublishing,
  service: Identity,
  given: NewEvent,
): Promise<PublishedEvent> {
  const draft = draftOf(service, given);
  if (given.time !== undefined && Number.isNaN(Date.parse(given.time))) {
    throw invalidEvent([{ path: '/time', message: 'is not a time' }]);
  }
  const { id, topic, partition, offset } = await publisher.publish(draft, {
    ...attributes,
    id: given.id,
    time: given.time,
    correlationId: given.correlationId ?? attributes.correlationId,
    causationId: given.causationId,
  });
  return { id, topic, partition, offset };
}

function draftOf(service: Identity, { type, data }: NewEvent): EventDraft {
  const definition = catalog.findEvent(type);
  if (definition === undefined) {
    throw invalidEvent([{ path: '/type', message: 'is not a type of the catalog' }]);
  }
  // Before the data is looked at: what a topic expects is told to those who may write to it.
  if (!service.topics.includes(definition.topic.name)) throw new Refused('topic-not-permitted');
  try {
    return definition(data);
  } catch (error) {
    if (!(error instanceof InvalidEventData)) throw error;
    throw invalidEvent(
      error.problems.map(({ path, message }) => ({ path: `/data${path}`, message })),
    );
  }
}

function invalidEvent(errors: readonly DataProblem[]): Problem {
  return new Problem(400, 'invalid-event', 'the event is not valid', { extra: { errors } });
}
