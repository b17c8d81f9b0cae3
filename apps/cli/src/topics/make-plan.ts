import { catalog } from '@sori/chat-events';
import { type ClusterState, type KafkaAdmin, planTopics, type TopicsPlan } from '@sori/kafka';

/** What would make a cluster as the catalog says, and the state that it was worked out for. */
export async function makePlan(
  admin: Pick<KafkaAdmin, 'describeTopics'>,
): Promise<{ readonly plan: TopicsPlan; readonly state: ClusterState }> {
  const state = await admin.describeTopics(catalog.topics.map(({ name }) => name));
  return { plan: planTopics(catalog, state), state };
}
