import type { Catalog } from '@sori/contract';
import type { TopicPartition } from '../ports/record.ts';
import type { AssignableMember, AssignableTopic, Assignor } from './assignor.ts';
import { contiguousCut } from './contiguous-cut.ts';

/**
 * What a partition counts when nothing is expected of its topic (a dead-letter topic, or one that the
 * catalog does not hold), in events a second: little, but a partition is never free.
 */
const UNEXPECTED_EVENTS_PER_SECOND = 1;

/** Loads are compared as whole thousandths of an event a second, so that sums are exact. */
const LOAD_UNITS_PER_EVENT = 1_000;

/** A partition and its expected load. */
interface WeighedPartition extends TopicPartition {
  readonly weight: number;
}

/** Topics with the same subscribers, which share one row of partitions. */
interface SharedTopics {
  readonly subscribers: readonly AssignableMember[];
  readonly partitions: WeighedPartition[];
}

/**
 * Contiguous ranges over the partitions (the topic with the highest expected load first, its
 * partitions in order), cut so that the heaviest member is as light as contiguity allows, and then as
 * even as can be. Members are ordered by name, then id, so a member that comes back under its name
 * gets its place again.
 *
 * Members that subscribe to different topics (a rolling upgrade) get ranges for each set of
 * subscribers, the smallest set first, each cut on top of what its members have already.
 */
export function loadWeighted(catalog: Catalog): Assignor {
  return { name: 'load-weighted', assign: (members, topics) => assign(catalog, members, topics) };
}

function assign(
  catalog: Catalog,
  members: readonly AssignableMember[],
  topics: readonly AssignableTopic[],
): ReadonlyMap<string, readonly TopicPartition[]> {
  const ordered = [...members].sort(byNameThenId);
  const assignments = new Map<string, TopicPartition[]>(ordered.map(({ id }) => [id, []]));
  const loads = new Map<string, number>();
  for (const { subscribers, partitions } of groupBySubscribers(catalog, ordered, topics)) {
    const weights = partitions.map(({ weight }) => weight);
    const bases = subscribers.map(({ id }) => loads.get(id) ?? 0);
    const ends = contiguousCut(weights, bases);
    subscribers.forEach(({ id }, index) => {
      const range = partitions.slice(index === 0 ? 0 : ends[index - 1], ends[index]);
      for (const { topic, partition, weight } of range) {
        assignments.get(id)?.push({ topic, partition });
        loads.set(id, (loads.get(id) ?? 0) + weight);
      }
    });
  }
  return assignments;
}

function groupBySubscribers(
  catalog: Catalog,
  members: readonly AssignableMember[],
  topics: readonly AssignableTopic[],
): readonly SharedTopics[] {
  const subscriptions = members.map((member) => new Set(member.topics));
  const groups = new Map<string, SharedTopics>();
  for (const topic of heaviestFirst(catalog, topics)) {
    const indexes = members.flatMap((_, index) =>
      subscriptions[index]?.has(topic.name) ? [index] : [],
    );
    if (indexes.length === 0) continue;
    const key = indexes.join();
    let group = groups.get(key);
    if (group === undefined) {
      const subscribers = members.filter((_, index) => indexes.includes(index));
      group = { subscribers, partitions: [] };
      groups.set(key, group);
    }
    const weight = partitionWeight(catalog, topic);
    for (let partition = 0; partition < topic.partitions; partition++) {
      group.partitions.push({ topic: topic.name, partition, weight });
    }
  }
  // Stable: among sets of one size the one with the heaviest topic stays first.
  return [...groups.values()].sort((a, b) => a.subscribers.length - b.subscribers.length);
}

function heaviestFirst(
  catalog: Catalog,
  topics: readonly AssignableTopic[],
): readonly AssignableTopic[] {
  const place = new Map(catalog.topics.map(({ name }, index) => [name, index]));
  const placeOf = (topic: AssignableTopic): number => place.get(topic.name) ?? place.size;
  const loadOf = (topic: AssignableTopic): number =>
    partitionWeight(catalog, topic) * topic.partitions;
  return [...topics].sort(
    (a, b) => loadOf(b) - loadOf(a) || placeOf(a) - placeOf(b) || compareText(a.name, b.name),
  );
}

function partitionWeight(catalog: Catalog, topic: AssignableTopic): number {
  const expected = catalog.findTopic(topic.name)?.expectedLoad.eventsPerSecond ?? 0;
  const perPartition = Math.max(expected / topic.partitions, 0) || UNEXPECTED_EVENTS_PER_SECOND;
  return Math.max(1, Math.round(perPartition * LOAD_UNITS_PER_EVENT));
}

function byNameThenId(a: AssignableMember, b: AssignableMember): number {
  return compareText(a.name, b.name) || compareText(a.id, b.id);
}

/** By UTF-16 code units: the same everywhere, which a locale's order is not. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
