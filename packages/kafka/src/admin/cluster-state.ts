/** What a cluster says of the topics that were asked for. */
export interface ClusterState {
  readonly clusterId: string;
  /** Brokers that are up now. */
  readonly brokerCount: number;
  /** Those of the topics asked for that exist, by name. */
  readonly topics: ReadonlyMap<string, TopicState>;
  /** Topics of the cluster that were not asked for, sorted; internal ones left out. */
  readonly otherTopics: readonly string[];
}

/** A topic as it is on a cluster. */
export interface TopicState {
  readonly partitions: number;
  /** Of each partition, in order: how many replicas it is to have. */
  readonly replicas: readonly number[];
  readonly settings: ReadonlyMap<string, SettingState>;
}

/** A setting (config) of a topic, as `retention.ms`. */
export interface SettingState {
  /** What is in effect. Null where the broker keeps it secret. */
  readonly value: string | null;
  /** Whether the topic itself sets it; otherwise it comes from the brokers. */
  readonly overridden: boolean;
  /** What would be in effect without the topic's own setting, where the broker says so. */
  readonly inherited: string | null;
}
