import { type Admin, ConfigResourceTypes, ConfigSources } from '@platformatic/kafka';
import { LogError } from '@sori/stream';
import { metadataIn } from '../cluster-view.ts';
import { isUnknownTopic } from '../errors.ts';
import type { AdminClient } from './admin-client.ts';
import type { ClusterState, SettingState, TopicState } from './cluster-state.ts';

/** Describes those of the topics that exist, and names all others. Rejects with LogError. */
export async function describeTopics(
  client: AdminClient,
  names: readonly string[],
): Promise<ClusterState> {
  return await client.ask('describing topics', async (admin) => {
    const existing = await topicNames(admin);
    const wanted = new Set(names);
    const found = existing.filter((name) => wanted.has(name));
    const layout = await readLayout(admin, found);
    const settings = await readSettings(admin, found);
    const topics = new Map<string, TopicState>();
    for (const name of found) {
      const replicas = layout.replicas.get(name);
      if (replicas === undefined) throw changing();
      topics.set(name, {
        partitions: replicas.length,
        replicas,
        settings: settings.get(name) ?? new Map(),
      });
    }
    return {
      clusterId: layout.clusterId,
      brokerCount: layout.brokerCount,
      topics,
      otherTopics: existing.filter((name) => !wanted.has(name)),
    };
  });
}

/** A topic was deleted between two of these requests, or made and not yet known to every broker. */
function changing(cause?: unknown): LogError {
  return new LogError('unavailable', 'topics are being made or deleted', { cause });
}

/** Every topic of the cluster but internal ones, sorted. */
export async function topicNames(admin: Admin): Promise<readonly string[]> {
  try {
    return await admin.listTopics();
  } catch (error) {
    // The client fails as a whole when one partition of one topic has no leader.
    const answer = metadataIn(error);
    if (answer === undefined) throw error;
    return answer.topics.flatMap((topic) => (topic.isInternal ? [] : [topic.name])).toSorted();
  }
}

interface Layout {
  readonly clusterId: string;
  readonly brokerCount: number;
  readonly replicas: ReadonlyMap<string, readonly number[]>;
}

async function readLayout(admin: Admin, names: readonly string[]): Promise<Layout> {
  try {
    const { id, brokers, topics } = await admin.metadata({ topics: [...names], forceUpdate: true });
    const replicas = Array.from(topics, ([name, topic]): [string, readonly number[]] => [
      name,
      topic.partitions.map((partition) => partition.replicas.length),
    ]);
    return { clusterId: id, brokerCount: brokers.size, replicas: new Map(replicas) };
  } catch (error) {
    const answer = metadataIn(error);
    if (answer === undefined) throw error;
    const replicas = answer.topics.map(({ name, partitions }): [string, readonly number[]] => [
      name,
      partitions
        .toSorted((a, b) => a.partitionIndex - b.partitionIndex)
        .map(({ replicaNodes }) => replicaNodes.length),
    ]);
    return {
      clusterId: answer.clusterId,
      brokerCount: answer.brokers.length,
      replicas: new Map(replicas.filter(([, counts]) => counts.length > 0)),
    };
  }
}

async function readSettings(
  admin: Admin,
  names: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, SettingState>>> {
  if (names.length === 0) return new Map();
  const resources = names.map((resourceName) => ({
    resourceType: ConfigResourceTypes.TOPIC,
    resourceName,
  }));
  const described = await admin
    .describeConfigs({ resources, includeSynonyms: true })
    .catch((error: unknown) => {
      throw isUnknownTopic(error) ? changing(error) : error;
    });
  return new Map(
    described.map(({ resourceName, configs }) => {
      const settings = configs.map((config): [string, SettingState] => {
        const { name, value, configSource, synonyms } = config;
        const overridden = configSource === ConfigSources.DYNAMIC_TOPIC_CONFIG;
        // Synonyms are in order of precedence: what follows the topic's own is what it hides.
        const beneath = synonyms.find(
          ({ source }) => source !== ConfigSources.DYNAMIC_TOPIC_CONFIG,
        );
        return [name, { value: value ?? null, overridden, inherited: beneath?.value ?? null }];
      });
      return [resourceName, new Map(settings)];
    }),
  );
}
