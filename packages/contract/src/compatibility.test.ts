import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type TSchema, Type } from 'typebox';
import { defineCatalog } from './catalog.ts';
import { compareCatalogs } from './compatibility.ts';
import { defineEvent } from './event.ts';
import { compareSchemas } from './schema-compatibility.ts';
import { snapshotOf } from './snapshot.ts';
import { DAY_MS, defineTopic } from './topic.ts';

const BASE = {
  id: Type.String({ maxLength: 64 }),
  size: Type.Integer({ minimum: 1 }),
  kind: Type.Union([Type.Literal('a'), Type.Literal('b')]),
  note: Type.Optional(Type.String()),
  tags: Type.Array(Type.String(), { maxItems: 5 }),
};

function change(fields: Record<string, TSchema>): readonly string[] {
  const plain = (schema: TSchema): object => JSON.parse(JSON.stringify(schema));
  const found = compareSchemas(
    plain(Type.Object(BASE)),
    plain(Type.Object({ ...BASE, ...fields })),
  );
  return found.map(({ path, what, breaking }) => `${breaking ? '!' : ' '} ${path} ${what}`);
}

describe('what breaks readers and writers of yesterday', () => {
  for (const [name, fields, expected] of [
    ['nothing changed', {}, []],
    [
      'an optional field more',
      { more: Type.Optional(Type.String()) },
      ['  /more an optional field is new'],
    ],
    ['a required field more', { more: Type.String() }, ['! /more a required field is new']],
    ['optional becomes required', { note: Type.String() }, ['! /note the field became required']],
    [
      'required becomes optional',
      { size: Type.Optional(BASE.size) },
      ['! /size the field became optional'],
    ],
    ['another type', { size: Type.String() }, ['! /size integer became string']],
    ['a wider number', { size: Type.Number() }, ['  /size integer became number']],
    [
      'a shorter text',
      { id: Type.String({ maxLength: 32 }) },
      ['! /id maxLength went from 64 to 32'],
    ],
    [
      'a longer text',
      { id: Type.String({ maxLength: 99 }) },
      ['  /id maxLength went from 64 to 99'],
    ],
    [
      'a pattern',
      { id: Type.String({ maxLength: 64, pattern: '^x' }) },
      ['! /id pattern went from none to ^x'],
    ],
    [
      'a lower minimum',
      { size: Type.Integer({ minimum: 0 }) },
      ['  /size minimum went from 1 to 0'],
    ],
    [
      'a higher minimum',
      { size: Type.Integer({ minimum: 2 }) },
      ['! /size minimum went from 1 to 2'],
    ],
    ['one literal less', { kind: Type.Literal('a') }, ['! /kind "b" is not allowed any more']],
    [
      'one literal more',
      { kind: Type.Union([...BASE.kind.anyOf, Type.Literal('c')]) },
      ['  /kind "c" is allowed too'],
    ],
    [
      'fewer elements',
      { tags: Type.Array(Type.String(), { maxItems: 4 }) },
      ['! /tags maxItems went from 5 to 4'],
    ],
    [
      'other elements',
      { tags: Type.Array(Type.Integer(), { maxItems: 5 }) },
      ['! /tags/* string became integer'],
    ],
  ] as const) {
    test(name, () => assert.deepEqual(change(fields), expected));
  }

  test('a field that went away', () => {
    const { note: _note, ...rest } = BASE;
    const [found] = compareSchemas(Type.Object(BASE), Type.Object(rest));
    assert.deepEqual(found, { path: '/note', what: 'the field was removed', breaking: true });
  });
});

function catalogOf(options: {
  partitions?: number;
  topic?: 'a' | 'b';
  key?: 'id' | 'other';
  version?: number;
}) {
  const topic = (name: string, partitions: number) =>
    defineTopic({
      name,
      description: 'x',
      partitions,
      replicationFactor: 3,
      key: 'id',
      retention: { class: 'short', ms: DAY_MS },
      expectedLoad: { eventsPerSecond: 1, bytesPerSecond: 1 },
    });
  const topics = [topic('thing.events', options.partitions ?? 3)];
  const thing = defineEvent({
    type: 'thing.part.made',
    topic: topics[0] ?? assert.fail(),
    description: 'x',
    key: options.key ?? 'id',
    version: options.version ?? 1,
    data: Type.Object({ id: Type.String(), other: Type.String() }),
  });
  return snapshotOf(defineCatalog({ topics, events: [thing], groups: [] }));
}

describe('catalogs', () => {
  test('a catalog does not differ from itself', () => {
    assert.deepEqual(compareCatalogs(catalogOf({}), catalogOf({})), []);
  });

  test('more partitions move keys; so does another key field', () => {
    assert.deepEqual(compareCatalogs(catalogOf({}), catalogOf({ partitions: 4 })), [
      { path: 'thing.events', what: 'partitions went from 3 to 4', breaking: true },
    ]);
    assert.deepEqual(compareCatalogs(catalogOf({}), catalogOf({ key: 'other' })), [
      { path: 'thing.part.made', what: 'the key field went from id to other', breaking: true },
    ]);
  });

  test('a version is a promise', () => {
    const [found] = compareCatalogs(catalogOf({}), catalogOf({ version: 2 }));
    assert.deepEqual([found?.path, found?.breaking], ['thing.part.made', true]);
  });

  test('what is gone breaks, what is new does not', () => {
    const { events: _events, ...rest } = catalogOf({});
    const empty = { ...rest, events: {} };
    const removed = compareCatalogs(catalogOf({}), empty);
    assert.deepEqual(
      removed.map(({ breaking }) => breaking),
      [true],
    );
    const added = compareCatalogs(empty, catalogOf({}));
    assert.deepEqual(
      added.map(({ breaking }) => breaking),
      [false],
    );
  });
});
