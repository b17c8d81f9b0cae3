import { createClusterView } from '../cluster-view.ts';
import type { KafkaOptions } from '../connection.ts';
import { createAdminClient } from './admin-client.ts';
import { applyChanges } from './apply-change.ts';
import type { TopicAdmin } from './apply-topics.ts';
import type { TopicChange } from './change.ts';
import type { ClusterState } from './cluster-state.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { describeGroups, listBounds } from './describe-groups.ts';
import { describeTopics, topicNames } from './describe-topics.ts';

/** What an operator asks of a cluster and does to it. Everything rejects with LogError. */
export interface KafkaAdmin extends TopicAdmin, AsyncDisposable {
  /** Every topic of the cluster but internal ones, sorted. */
  topicNames(): Promise<readonly string[]>;
  /** Describes those of the topics that exist, and names all others. */
  describeTopics(names: readonly string[]): Promise<ClusterState>;
  /** Makes changes as they are, whatever their class. See `applyTopics`, which asks and confirms. */
  applyChanges(changes: readonly TopicChange[]): Promise<void>;
  /**
   * The groups named, or all of the classic protocol, by name: members, assignment, lag. Groups
   * that do not exist are left out.
   */
  describeGroups(names?: readonly string[]): Promise<readonly ConsumerGroup[]>;
}

export function createKafkaAdmin(options: KafkaOptions): KafkaAdmin {
  const client = createAdminClient(options);
  const view = createClusterView(options);
  return {
    topicNames: () => client.ask('listing topics', topicNames),
    describeTopics: (names) => describeTopics(client, names),
    applyChanges: (changes) => applyChanges(client, changes),
    describeGroups: (names) => describeGroups(client, (topics) => listBounds(view, topics), names),
    async [Symbol.asyncDispose]() {
      await Promise.all([client[Symbol.asyncDispose](), view[Symbol.asyncDispose]()]);
    },
  };
}
