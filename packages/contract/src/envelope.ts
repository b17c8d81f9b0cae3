import { UndecodableRecord } from './errors.ts';
import type { AnyEventDefinition, Event, EventDraft } from './event.ts';

/** A header as Kafka stores it: a name and bytes. Names may repeat. */
export interface RecordHeader {
  readonly key: string;
  readonly value: Buffer;
}

/** An event as record bytes: CloudEvents 1.0, Kafka protocol binding, binary content mode. */
export interface EncodedEvent {
  readonly id: string;
  readonly topic: string;
  readonly key: Buffer | null;
  readonly value: Buffer;
  readonly headers: readonly RecordHeader[];
}

export interface EnvelopeAttributes {
  readonly id: string;
  /** URI reference of the producer, as `/sori/gateway`. */
  readonly source: string;
  /** When it happened: RFC 3339, UTC. */
  readonly time: string;
  readonly correlationId?: string | undefined;
  readonly causationId?: string | undefined;
  /** W3C trace context. */
  readonly traceparent?: string | undefined;
}

/** The parts of a record that the envelope reads. */
export interface RecordBytes {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
}

const SPECVERSION: RecordHeader = { key: 'ce_specversion', value: Buffer.from('1.0') };
const CONTENT_TYPE: RecordHeader = { key: 'content-type', value: Buffer.from('application/json') };

/** Encodes a draft. CloudEvents spec: "Kafka Protocol Binding for CloudEvents", section 3.2. */
export function encodeEvent(draft: EventDraft, attributes: EnvelopeAttributes): EncodedEvent {
  const key = draft.key === undefined ? null : Buffer.from(draft.key);
  const headers: RecordHeader[] = [
    SPECVERSION,
    CONTENT_TYPE,
    header('ce_id', attributes.id),
    header('ce_source', attributes.source),
    header('ce_type', draft.type),
    header('ce_time', attributes.time),
    header('ce_dataschema', draft.definition.dataschema),
  ];
  if (key !== null) headers.push({ key: 'ce_subject', value: key });
  if (attributes.traceparent !== undefined)
    headers.push(header('ce_traceparent', attributes.traceparent));
  if (attributes.correlationId !== undefined)
    headers.push(header('ce_correlationid', attributes.correlationId));
  if (attributes.causationId !== undefined)
    headers.push(header('ce_causationid', attributes.causationId));
  return {
    id: attributes.id,
    topic: draft.definition.topic.name,
    key,
    value: Buffer.from(JSON.stringify(draft.data)),
    headers,
  };
}

/**
 * Reads a record back. `find` gives the definition of a type, as `catalog.findEvent`. Throws
 * UndecodableRecord, whose `reason` says why. Unknown data fields are kept.
 */
export function decodeEvent(
  record: RecordBytes,
  find: (type: string) => AnyEventDefinition | undefined,
): Event {
  const headers = readHeaders(record.headers);
  const type = required(headers, 'ce_type');
  const id = required(headers, 'ce_id');
  const source = required(headers, 'ce_source');
  const time = required(headers, 'ce_time');
  if (required(headers, 'ce_specversion') !== '1.0') {
    throw new UndecodableRecord('invalid-header', 'ce_specversion is not 1.0');
  }
  if (Number.isNaN(Date.parse(time))) {
    throw new UndecodableRecord('invalid-header', 'ce_time is not an RFC 3339 time');
  }
  const definition = find(type);
  if (definition === undefined)
    throw new UndecodableRecord('unknown-type', `type ${type} is not in the catalog`);
  const dataschema = headers.get('ce_dataschema') ?? definition.dataschema;
  if (dataschema !== definition.dataschema) {
    throw new UndecodableRecord('unknown-version', `${dataschema} is not ${definition.dataschema}`);
  }
  const data = readData(record.value, definition);
  assertKeyMatches(record.key, definition, data);
  return {
    id,
    type,
    version: definition.version,
    source,
    time,
    subject: headers.get('ce_subject'),
    correlationId: headers.get('ce_correlationid'),
    causationId: headers.get('ce_causationid'),
    traceparent: headers.get('ce_traceparent'),
    data,
  };
}

function readData(value: Buffer | null, definition: AnyEventDefinition): unknown {
  if (value === null) throw new UndecodableRecord('tombstone', 'the record has no value');
  let data: unknown;
  try {
    data = JSON.parse(value.toString('utf8'));
  } catch (cause) {
    throw new UndecodableRecord('not-json', 'the value is not JSON', { cause });
  }
  const problem = definition.problems(data)[0];
  if (problem !== undefined) {
    throw new UndecodableRecord(
      'invalid-data',
      `${definition.type}: ${problem.path || '/'} ${problem.message}`,
    );
  }
  return data;
}

function assertKeyMatches(key: Buffer | null, definition: AnyEventDefinition, data: unknown): void {
  if (definition.keyField === undefined) return;
  const expected = String((data as Record<string, unknown>)[definition.keyField]);
  if (key === null || key.toString('utf8') !== expected) {
    throw new UndecodableRecord('wrong-key', `the record's key is not its ${definition.keyField}`);
  }
}

function readHeaders(headers: readonly RecordHeader[]): ReadonlyMap<string, string> {
  const read = new Map<string, string>();
  for (const { key, value } of headers) read.set(key, value.toString('utf8'));
  return read;
}

function required(headers: ReadonlyMap<string, string>, name: string): string {
  const value = headers.get(name);
  if (value === undefined || value === '') {
    throw new UndecodableRecord('missing-header', `header ${name} is missing`);
  }
  return value;
}

function header(key: string, value: string): RecordHeader {
  return { key, value: Buffer.from(value) };
}
