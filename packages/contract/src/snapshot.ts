import type { TSchema } from 'typebox';
import type { Catalog } from './catalog.ts';

/** What a catalog promised when it was last agreed on: plain JSON, kept in the repository. */
export interface CatalogSnapshot {
  readonly topics: Readonly<Record<string, TopicSnapshot>>;
  readonly events: Readonly<Record<string, EventSnapshot>>;
}

export interface TopicSnapshot {
  readonly partitions: number;
  readonly key: string;
  readonly cleanup: string;
}

export interface EventSnapshot {
  readonly version: number;
  readonly topic: string;
  /** Null on a topic without keys. */
  readonly keyField: string | null;
  /** JSON Schema of the data. */
  readonly schema: TSchema;
}

/** Takes a snapshot of what readers and writers in other programs rely on. Names are in order. */
export function snapshotOf(catalog: Catalog): CatalogSnapshot {
  const topics = catalog.topics.map(({ name, partitions, key, cleanup }) => [
    name,
    { partitions, key, cleanup },
  ]);
  const events = catalog.events.map(({ type, version, topic, keyField, schema }) => [
    type,
    { version, topic: topic.name, keyField: keyField ?? null, schema },
  ]);
  // Through JSON, so that it equals what was written to a file and read back.
  return JSON.parse(
    JSON.stringify({ topics: Object.fromEntries(topics), events: Object.fromEntries(events) }),
  ) as CatalogSnapshot;
}
