import type { Static } from 'typebox';
import { DefinitionError } from './errors.ts';
import type { AnyEventDefinition, Event } from './event.ts';
import type { GroupDefinition } from './group.ts';
import { deadLetterTopic, type TopicDefinition } from './topic.ts';

/**
 * Everything that is known of topics, events and groups. Dead-letter topics are part of it:
 * one for every topic given. Frozen.
 */
export interface Catalog<
  Events extends readonly AnyEventDefinition[] = readonly AnyEventDefinition[],
> {
  /** In the order given, each source topic first, dead-letter topics last. */
  readonly topics: readonly TopicDefinition[];
  readonly events: Events;
  readonly groups: readonly GroupDefinition[];
  /** Throws DefinitionError for a name that the catalog does not hold. */
  topic(name: string): TopicDefinition;
  findTopic(name: string): TopicDefinition | undefined;
  findEvent(type: string): AnyEventDefinition | undefined;
  /** Throws DefinitionError for an id that the catalog does not hold. */
  group(id: string): GroupDefinition;
  /** The topics that a group reads, `*` resolved. */
  topicsOf(group: GroupDefinition): readonly TopicDefinition[];
}

/** From event type to event, for a catalog whose events are known to the compiler. */
export type EventsByType<C extends Catalog> = {
  [E in C['events'][number] as E['type']]: Event<E['type'], Static<E['schema']>>;
};

export interface CatalogOptions<Events extends readonly AnyEventDefinition[]> {
  readonly topics: readonly TopicDefinition[];
  readonly events: Events;
  readonly groups: readonly GroupDefinition[];
}

/** Joins definitions and checks them against each other; throws DefinitionError. */
export function defineCatalog<const Events extends readonly AnyEventDefinition[]>(
  options: CatalogOptions<Events>,
): Catalog<Events> {
  const topics = Object.freeze([...options.topics, ...options.topics.map(deadLetterTopic)]);
  const topicsByName = indexBy(topics, (topic) => topic.name, 'topic');
  const eventsByType = indexBy(options.events, (event) => event.type, 'event');
  const groupsById = indexBy(options.groups, (group) => group.id, 'group');
  for (const event of options.events) {
    if (topicsByName.get(event.topic.name) !== event.topic) {
      throw new DefinitionError(
        `event "${event.type}" is on topic "${event.topic.name}", which is not in the catalog`,
      );
    }
  }
  for (const group of options.groups) {
    if (group.topics === '*') continue;
    for (const name of group.topics) {
      if (!topicsByName.has(name)) {
        throw new DefinitionError(
          `group "${group.id}" reads topic "${name}", which is not in the catalog`,
        );
      }
    }
  }
  const topic = (name: string): TopicDefinition => demand(topicsByName, name, 'topic');
  return Object.freeze({
    topics,
    events: options.events,
    groups: Object.freeze([...options.groups]),
    topic,
    findTopic: (name: string) => topicsByName.get(name),
    findEvent: (type: string) => eventsByType.get(type),
    group: (id: string) => demand(groupsById, id, 'group'),
    topicsOf: (group: GroupDefinition) => (group.topics === '*' ? topics : group.topics.map(topic)),
  });
}

function indexBy<T>(
  items: readonly T[],
  key: (item: T) => string,
  what: string,
): ReadonlyMap<string, T> {
  const index = new Map<string, T>();
  for (const item of items) {
    if (index.has(key(item))) throw new DefinitionError(`${what} "${key(item)}" is defined twice`);
    index.set(key(item), item);
  }
  return index;
}

function demand<T>(index: ReadonlyMap<string, T>, name: string, what: string): T {
  const found = index.get(name);
  if (found === undefined) {
    throw new DefinitionError(
      `${what} "${name}" is not in the catalog; it has ${[...index.keys()].join(', ')}`,
    );
  }
  return found;
}
