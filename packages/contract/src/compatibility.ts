import { compareSchemas } from './schema-compatibility.ts';
import type { CatalogSnapshot, EventSnapshot, TopicSnapshot } from './snapshot.ts';

/** A difference between two catalogs, and whether programs built on the older one break. */
export interface CatalogChange {
  /** `message.chat.sent /text`, or a topic's name. */
  readonly path: string;
  readonly what: string;
  readonly breaking: boolean;
}

/** Everything that differs, in the order of the older catalog, then what is new. */
export function compareCatalogs(
  before: CatalogSnapshot,
  after: CatalogSnapshot,
): readonly CatalogChange[] {
  return [
    ...compareEach(before.topics, after.topics, 'topic', compareTopics),
    ...compareEach(before.events, after.events, 'event', compareEvents),
  ];
}

function compareEach<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  noun: string,
  compare: (name: string, before: T, after: T) => readonly CatalogChange[],
): readonly CatalogChange[] {
  const kept = Object.entries(before).flatMap(([name, old]) => {
    const now = after[name];
    return now === undefined
      ? [breaking(name, `the ${noun} was removed`)]
      : compare(name, old, now);
  });
  const added = Object.keys(after)
    .filter((name) => before[name] === undefined)
    .map((path) => ({ path, what: `the ${noun} is new`, breaking: false }));
  return [...kept, ...added];
}

function compareTopics(
  name: string,
  before: TopicSnapshot,
  after: TopicSnapshot,
): readonly CatalogChange[] {
  const changes: CatalogChange[] = [];
  if (after.partitions !== before.partitions) {
    const what = `partitions went from ${before.partitions} to ${after.partitions}`;
    // Where there are no keys, no record has a place that it could lose.
    const moves = before.key !== 'none' || after.partitions < before.partitions;
    changes.push({ path: name, what, breaking: moves });
  }
  if (after.key !== before.key) {
    changes.push(breaking(name, `the key went from ${before.key} to ${after.key}`));
  }
  if (after.cleanup !== before.cleanup) {
    changes.push(breaking(name, `cleanup went from ${before.cleanup} to ${after.cleanup}`));
  }
  return changes;
}

function compareEvents(
  type: string,
  before: EventSnapshot,
  after: EventSnapshot,
): readonly CatalogChange[] {
  const changes: CatalogChange[] = [];
  if (after.topic !== before.topic) {
    changes.push(breaking(type, `it moved from ${before.topic} to ${after.topic}`));
  }
  if (after.keyField !== before.keyField) {
    changes.push(breaking(type, `the key field went from ${before.keyField} to ${after.keyField}`));
  }
  if (after.version !== before.version) {
    changes.push(breaking(type, `the version went from ${before.version} to ${after.version}`));
  }
  for (const { path, what, breaking: breaks } of compareSchemas(before.schema, after.schema)) {
    changes.push({ path: path === '' ? type : `${type} ${path}`, what, breaking: breaks });
  }
  return changes;
}

function breaking(path: string, what: string): CatalogChange {
  return { path, what, breaking: true };
}
