import type { Static, TObject } from 'typebox';
import { type DataProblem, DefinitionError, InvalidEventData } from './errors.ts';
import { assertEventType, contextOf } from './naming.ts';
import { closedSchemaCheck, schemaCheck } from './schema-check.ts';
import type { TopicDefinition } from './topic.ts';

/** An event that is about to be published: what its constructor returns. Frozen. */
export interface EventDraft<Type extends string = string, Data = unknown> {
  readonly definition: AnyEventDefinition;
  readonly type: Type;
  readonly data: Data;
  /** The record key as text, undefined on a topic without keys. */
  readonly key: string | undefined;
}

/** An event as read from a topic. */
export interface Event<Type extends string = string, Data = unknown> {
  readonly id: string;
  readonly type: Type;
  readonly version: number;
  readonly source: string;
  /** When it happened: RFC 3339, UTC. */
  readonly time: string;
  readonly subject: string | undefined;
  readonly correlationId: string | undefined;
  readonly causationId: string | undefined;
  readonly traceparent: string | undefined;
  readonly data: Data;
}

/**
 * An event type: call it with data to make a draft. Invalid data throws InvalidEventData, and so do
 * fields that the schema does not name; a reader, which may be older than the writer, keeps those.
 */
export interface EventDefinition<Type extends string, Schema extends TObject> {
  (data: Static<Schema>): EventDraft<Type, Static<Schema>>;
  readonly type: Type;
  readonly version: number;
  readonly topic: TopicDefinition;
  /** The field of the data that is the record's key; undefined on a topic without keys. */
  readonly keyField: string | undefined;
  readonly description: string;
  readonly schema: Schema;
  /** `urn:sori:<type>:<version>` */
  readonly dataschema: string;
  /** What is wrong with `data` for a reader, empty when nothing is. */
  problems(data: unknown): readonly DataProblem[];
}

// biome-ignore lint/suspicious/noExplicitAny: the one place where an event of any schema is named
export type AnyEventDefinition = EventDefinition<string, any>;

export interface EventOptions<Type extends string, Schema extends TObject> {
  readonly type: Type;
  readonly topic: TopicDefinition;
  readonly description: string;
  readonly data: Schema;
  /** Which field of the data is the record's key. Left out on a topic with `key: 'none'`. */
  readonly key?: keyof Static<Schema> & string;
  /** Raised by a breaking change of the data; 1 unless given. */
  readonly version?: number;
}

/** Defines an event type. The type name, topic and key are checked here; throws DefinitionError. */
export function defineEvent<const Type extends string, Schema extends TObject>(
  options: EventOptions<Type, Schema>,
): EventDefinition<Type, Schema> {
  const { type, topic, data: schema } = options;
  assertEventType(type);
  assertKey(options);
  if (contextOf(topic.name) !== contextOf(type)) {
    throw new DefinitionError(
      `event "${type}" does not belong to topic "${topic.name}": contexts differ`,
    );
  }
  const version = options.version ?? 1;
  const problems = schemaCheck(schema);
  const problemsOfDraft = closedSchemaCheck(schema);
  const keyField = options.key;
  const construct = (data: Static<Schema>): EventDraft<Type, Static<Schema>> => {
    const found = problemsOfDraft(data);
    if (found.length > 0) throw new InvalidEventData(type, found);
    const key = keyField === undefined ? undefined : String(data[keyField]);
    return Object.freeze({ definition, type, data, key });
  };
  const definition: EventDefinition<Type, Schema> = Object.freeze(
    Object.assign(construct, {
      type,
      version,
      topic,
      keyField,
      description: options.description,
      schema,
      dataschema: `urn:sori:${type}:${version}`,
      problems,
    }),
  );
  return definition;
}

function assertKey(options: EventOptions<string, TObject>): void {
  const { type, topic, key, data } = options;
  if (topic.key === 'none') {
    if (key !== undefined)
      throw new DefinitionError(`event "${type}" has a key, its topic "${topic.name}" has none`);
    return;
  }
  if (key === undefined) throw new DefinitionError(`event "${type}" names no key field`);
  if (data.properties[key] === undefined || !(data.required ?? []).includes(key)) {
    throw new DefinitionError(
      `event "${type}": key field "${key}" must be a required field of its data`,
    );
  }
}
