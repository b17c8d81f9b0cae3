import { ConfigResourceTypes, IncrementalAlterConfigOperationTypes } from '@platformatic/kafka';
import { LogError } from '@sori/stream';
import { hasApiId } from '../errors.ts';
import type { AdminClient } from './admin-client.ts';
import type { ChangePartitions, ChangeSetting, CreateTopic, TopicChange } from './change.ts';

const ALREADY_EXISTS: ReadonlySet<string> = new Set(['TOPIC_ALREADY_EXISTS']);
const INVALID_PARTITIONS: ReadonlySet<string> = new Set(['INVALID_PARTITIONS']);

/**
 * Makes the changes: topics first, then partitions, then settings, one request for the settings of
 * all topics. What somebody else has done meanwhile is left to the caller to see: a topic that
 * exists, partitions that are there. Rejects with LogError.
 */
export async function applyChanges(
  client: AdminClient,
  changes: readonly TopicChange[],
): Promise<void> {
  for (const change of changes) {
    if (change.kind === 'create') await createTopic(client, change);
    if (change.kind === 'partitions') await addPartitions(client, change);
    if (change.kind === 'replication-factor') {
      throw new LogError('rejected', `${change.topic}: ${change.reason}`);
    }
  }
  await alterSettings(
    client,
    changes.filter((change) => change.kind === 'setting'),
  );
}

/** One topic a request: the client takes one list of settings for all topics of a request. */
async function createTopic(client: AdminClient, change: CreateTopic): Promise<void> {
  const { topic, partitions, replicationFactor, settings } = change;
  await client.ask(`creating topic ${topic}`, async (admin) => {
    const created = admin.createTopics({
      topics: [topic],
      partitions,
      replicas: replicationFactor,
      configs: Object.entries(settings).map(([name, value]) => ({ name, value })),
    });
    await created.catch(unless(ALREADY_EXISTS));
  });
}

/** One at a time: the client takes two such calls at once for the same call. */
async function addPartitions(client: AdminClient, change: ChangePartitions): Promise<void> {
  const { topic, to } = change;
  await client.ask(`adding partitions to ${topic}`, async (admin) => {
    const growing = admin.createPartitions({ topics: [{ name: topic, count: to }] });
    // Also what Kafka says when the topic has that many already, as after a retried request.
    await growing.catch(unless(INVALID_PARTITIONS));
  });
}

async function alterSettings(
  client: AdminClient,
  changes: readonly ChangeSetting[],
): Promise<void> {
  if (changes.length === 0) return;
  const { SET, DELETE } = IncrementalAlterConfigOperationTypes;
  const byTopic = Map.groupBy(changes, ({ topic }) => topic);
  const resources = Array.from(byTopic, ([resourceName, ofTopic]) => ({
    resourceType: ConfigResourceTypes.TOPIC,
    resourceName,
    configs: ofTopic.map(({ setting: name, to }) =>
      to === null ? { name, configOperation: DELETE } : { name, configOperation: SET, value: to },
    ),
  }));
  await client.ask('altering topic settings', (admin) =>
    admin.incrementalAlterConfigs({ resources }),
  );
}

function unless(apiIds: ReadonlySet<string>): (error: unknown) => void {
  return (error) => {
    if (!hasApiId(error, apiIds)) throw error;
  };
}
