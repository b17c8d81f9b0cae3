import type { Catalog, TopicDefinition } from '@sori/contract';
import type { ChangeSetting, TopicChange } from './change.ts';
import type { ClusterState, SettingState, TopicState } from './cluster-state.ts';
import { movedKeys } from './moved-keys.ts';
import { settingRisk } from './setting-risk.ts';
import { topicSettings } from './topic-settings.ts';

/**
 * Kafka's tools set these on topics while they reassign partitions, and take them away again: they
 * are no part of what a topic is.
 */
const TRANSIENT_SETTINGS: ReadonlySet<string> = new Set([
  'leader.replication.throttled.replicas',
  'follower.replication.throttled.replicas',
]);

/** The difference between a catalog and a cluster. */
export interface TopicsPlan {
  readonly clusterId: string;
  /** In the catalog's order; of one topic partitions first, then settings by name. */
  readonly changes: readonly TopicChange[];
  /** Topics of the cluster that the catalog does not hold. They are never touched. */
  readonly unknownTopics: readonly string[];
}

/**
 * Works out what would make the cluster's topics as the catalog says. A topic's own settings are
 * compared, and those that it inherits only where the catalog wants another value: a broker's
 * default that equals the catalog is no difference. A setting of the topic's own that the catalog
 * does not name is taken away.
 */
export function planTopics(catalog: Catalog, state: ClusterState): TopicsPlan {
  return {
    clusterId: state.clusterId,
    changes: catalog.topics.flatMap((topic) => {
      const found = state.topics.get(topic.name);
      return found === undefined
        ? [createTopic(topic, state.brokerCount)]
        : changesOf(topic, found);
    }),
    unknownTopics: state.otherTopics.filter((name) => catalog.findTopic(name) === undefined),
  };
}

function createTopic(topic: TopicDefinition, brokerCount: number): TopicChange {
  const { name, partitions, replicationFactor } = topic;
  const settings = Object.fromEntries(topicSettings(topic));
  const change = { kind: 'create', topic: name, partitions, replicationFactor, settings } as const;
  if (replicationFactor > brokerCount) {
    const reason = `${replicationFactor} replicas need as many brokers; ${brokerCount} are up`;
    return { ...change, class: 'impossible', reason };
  }
  return { ...change, class: 'safe', reason: '' };
}

function changesOf(topic: TopicDefinition, found: TopicState): readonly TopicChange[] {
  return [
    ...partitionChanges(topic, found),
    ...replicationChanges(topic, found),
    ...settingChanges(topic, found.settings),
  ];
}

function partitionChanges(topic: TopicDefinition, found: TopicState): readonly TopicChange[] {
  const [from, to] = [found.partitions, topic.partitions];
  if (from === to) return [];
  const change = { kind: 'partitions', topic: topic.name, from, to } as const;
  if (to < from) {
    const reason = 'Kafka cannot take partitions away: move to a new topic';
    return [{ ...change, class: 'impossible', movedKeys: 0, reason }];
  }
  if (topic.key === 'none') {
    return [{ ...change, class: 'safe', movedKeys: 0, reason: 'the topic has no keys' }];
  }
  const reason = 'records of a moved key are read from two partitions, in no order';
  return [{ ...change, class: 'breaks-ordering', movedKeys: movedKeys(from, to), reason }];
}

function replicationChanges(topic: TopicDefinition, found: TopicState): readonly TopicChange[] {
  const to = topic.replicationFactor;
  if (found.replicas.every((count) => count === to)) return [];
  return [
    {
      kind: 'replication-factor',
      topic: topic.name,
      from: { fewest: Math.min(...found.replicas), most: Math.max(...found.replicas) },
      to,
      class: 'impossible',
      reason: 'this is a reassignment: use kafka-reassign-partitions',
    },
  ];
}

function settingChanges(
  topic: TopicDefinition,
  found: ReadonlyMap<string, SettingState>,
): readonly TopicChange[] {
  const wanted = topicSettings(topic);
  const changes: ChangeSetting[] = [];
  const add = (setting: string, from: string | null, to: string | null, result = to): void => {
    const risk = settingRisk(setting, from, result);
    changes.push({ kind: 'setting', topic: topic.name, setting, from, to, ...risk });
  };
  for (const [setting, to] of wanted) {
    const from = found.get(setting)?.value ?? null;
    if (from !== to) add(setting, from, to);
  }
  for (const [setting, { value, overridden, inherited }] of found) {
    const isOurs = overridden && !TRANSIENT_SETTINGS.has(setting);
    if (isOurs && !wanted.has(setting)) add(setting, value, null, inherited);
  }
  return changes.toSorted((a, b) => (a.setting < b.setting ? -1 : 1));
}
