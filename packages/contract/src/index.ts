export { asyncApiDocument } from './asyncapi.ts';
export { type Catalog, type CatalogOptions, defineCatalog, type EventsByType } from './catalog.ts';
export { type CatalogChange, compareCatalogs } from './compatibility.ts';
export {
  decodeEvent,
  type EncodedEvent,
  type EnvelopeAttributes,
  encodeEvent,
  type RecordBytes,
  type RecordHeader,
} from './envelope.ts';
export {
  type DataProblem,
  DefinitionError,
  InvalidEventData,
  type UndecodableReason,
  UndecodableRecord,
} from './errors.ts';
export {
  type AnyEventDefinition,
  defineEvent,
  type Event,
  type EventDefinition,
  type EventDraft,
  type EventOptions,
} from './event.ts';
export {
  DEFAULT_LAG_TARGET_SECONDS,
  defineGroup,
  type GroupDefinition,
  type GroupOptions,
  type UnknownEventPolicy,
} from './group.ts';
export { derivedEventId, newEventId } from './identity.ts';
export { deadLetterTopicName, isDeadLetterTopicName } from './naming.ts';
export { murmur2, partitionForKey } from './partitioner.ts';
export {
  closedSchemaCheck,
  describeErrors,
  type SchemaCheck,
  type SchemaError,
  schemaCheck,
} from './schema-check.ts';
export { type CatalogSnapshot, snapshotOf } from './snapshot.ts';
export {
  type CleanupPolicy,
  type Compression,
  DAY_MS,
  DEAD_LETTER_HEADROOM_BYTES,
  DEFAULT_MAX_MESSAGE_BYTES,
  defineTopic,
  type ExpectedLoad,
  GIBIBYTE,
  HOUR_MS,
  MEBIBYTE,
  MINUTE_MS,
  type RetentionClass,
  SECOND_MS,
  type TopicDefinition,
  type TopicOptions,
} from './topic.ts';
