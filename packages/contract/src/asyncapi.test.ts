import assert from 'node:assert/strict';
import { test } from 'node:test';
import specification from '@asyncapi/specs/schemas/3.0.0.json' with { type: 'json' };
import { Ajv } from 'ajv';
import { Type } from 'typebox';
import { asyncApiDocument } from './asyncapi.ts';
import { defineCatalog } from './catalog.ts';
import { defineEvent } from './event.ts';
import { defineGroup } from './group.ts';
import { DAY_MS, defineTopic } from './topic.ts';

const topic = defineTopic({
  name: 'thing.events',
  description: 'Things',
  partitions: 3,
  replicationFactor: 3,
  key: 'id',
  retention: { class: 'short', ms: DAY_MS },
  expectedLoad: { eventsPerSecond: 1, bytesPerSecond: 1 },
});
const made = defineEvent({
  type: 'thing.part.made',
  topic,
  description: 'A part was made',
  key: 'id',
  data: Type.Object({ id: Type.String(), size: Type.Optional(Type.Integer({ minimum: 1 })) }),
});
const readers = defineGroup({ id: 'thing-readers', topics: '*', members: 2, purpose: 'Read' });
const catalog = defineCatalog({ topics: [topic], events: [made], groups: [readers] });
const document = asyncApiDocument(catalog, { title: 'Things', version: '1.0.0', description: 'x' });

interface Document {
  readonly channels: Record<
    string,
    { readonly messages: Record<string, { readonly $ref: string }> }
  >;
  readonly operations: Record<string, { readonly channel: { readonly $ref: string } }>;
}

test('the document is AsyncAPI 3.0, by its own schema', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false, meta: false });
  const validate = ajv.compile(specification);
  assert.ok(validate(document), JSON.stringify(validate.errors, null, 2));
  assert.ok(!validate({ ...document, asyncapi: 3 }), 'the schema does refuse something');
});

test('every reference leads somewhere', () => {
  const { channels, operations } = document as Document;
  const references = [
    ...Object.values(operations).map(({ channel }) => channel.$ref),
    ...Object.values(channels).flatMap(({ messages }) =>
      Object.values(messages).map(({ $ref }) => $ref),
    ),
  ];
  assert.equal(references.length, 1 + 2 + 2);
  for (const reference of references) {
    const found = reference
      .slice('#/'.length)
      .split('/')
      .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
    assert.ok(found, reference);
  }
});
