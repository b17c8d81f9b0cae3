import type { Catalog } from './catalog.ts';
import type { AnyEventDefinition } from './event.ts';
import type { TopicDefinition } from './topic.ts';

const ASYNCAPI_VERSION = '3.0.0';
/** Of the Kafka bindings for AsyncAPI. */
const BINDING_VERSION = '0.5.0';

const HEADERS = {
  type: 'object',
  description: 'CloudEvents 1.0, Kafka protocol binding, binary content mode',
  required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'content-type'],
  properties: {
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: { type: 'string', description: 'The same for the same event published again' },
    ce_source: { type: 'string', format: 'uri-reference' },
    ce_type: { type: 'string' },
    ce_time: { type: 'string', format: 'date-time' },
    ce_subject: { type: 'string', description: 'The key' },
    ce_dataschema: { type: 'string', format: 'uri' },
    ce_correlationid: { type: 'string' },
    ce_causationid: { type: 'string', description: 'The id of the event that led to this one' },
    ce_traceparent: { type: 'string', description: 'W3C trace context' },
    'content-type': { type: 'string', const: 'application/json' },
  },
} as const;

/**
 * The catalog as an AsyncAPI 3.0 document: plain JSON, in the catalog's order. A channel for each
 * topic, a message for each event type, an operation for whatever is sent to a topic and one for each
 * topic that a group reads.
 */
export function asyncApiDocument(
  catalog: Catalog,
  info: { readonly title: string; readonly version: string; readonly description: string },
): object {
  const document = {
    asyncapi: ASYNCAPI_VERSION,
    info,
    defaultContentType: 'application/json',
    channels: Object.fromEntries(
      catalog.topics.map((topic) => [topic.name, channel(topic, eventsOf(catalog, topic))]),
    ),
    operations: Object.fromEntries([...sends(catalog), ...receives(catalog)]),
    components: {
      messages: Object.fromEntries(catalog.events.map((event) => [event.type, message(event)])),
    },
  };
  return JSON.parse(JSON.stringify(document)) as object;
}

/** Dead letters are the events of their source. */
function eventsOf(catalog: Catalog, topic: TopicDefinition): readonly AnyEventDefinition[] {
  const source = topic.deadLettersOf ?? topic.name;
  return catalog.events.filter((event) => event.topic.name === source);
}

function channel(topic: TopicDefinition, events: readonly AnyEventDefinition[]): object {
  return {
    address: topic.name,
    description: topic.description,
    messages: Object.fromEntries(
      events.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }]),
    ),
    bindings: {
      kafka: {
        topic: topic.name,
        partitions: topic.partitions,
        replicas: topic.replicationFactor,
        topicConfiguration: {
          'cleanup.policy': [topic.cleanup],
          'retention.ms': topic.retention.ms,
          'retention.bytes': topic.retention.bytes,
          'max.message.bytes': topic.maxMessageBytes,
        },
        bindingVersion: BINDING_VERSION,
      },
    },
  };
}

function message(event: AnyEventDefinition): object {
  return {
    name: event.type,
    title: event.description,
    contentType: 'application/json',
    headers: { ...HEADERS, properties: { ...HEADERS.properties, ...headersOf(event) } },
    payload: event.schema,
    correlationId: { location: '$message.header#/ce_correlationid' },
    bindings: {
      kafka: {
        ...(event.keyField === undefined
          ? {}
          : { key: { type: 'string', description: `The data's ${event.keyField}, UTF-8` } }),
        bindingVersion: BINDING_VERSION,
      },
    },
  };
}

function headersOf({ type, dataschema }: AnyEventDefinition): object {
  return {
    ce_type: { type: 'string', const: type },
    ce_dataschema: { type: 'string', const: dataschema },
  };
}

function sends(catalog: Catalog): readonly (readonly [string, object])[] {
  return catalog.topics
    .filter(({ deadLettersOf }) => deadLettersOf === undefined)
    .map(({ name }) => [
      `send.${name}`,
      { action: 'send', channel: { $ref: `#/channels/${name}` } },
    ]);
}

function receives(catalog: Catalog): readonly (readonly [string, object])[] {
  return catalog.groups.flatMap((group) =>
    catalog.topicsOf(group).map(
      ({ name }) =>
        [
          `${group.id}.${name}`,
          {
            action: 'receive',
            summary: group.purpose,
            channel: { $ref: `#/channels/${name}` },
            bindings: {
              kafka: {
                groupId: { type: 'string', const: group.id },
                bindingVersion: BINDING_VERSION,
              },
            },
          },
        ] as const,
    ),
  );
}
