/** A cluster as it is now, for watching it. Every topic but internal ones. */
export interface ClusterObservation {
  readonly brokers: readonly ObservedBroker[];
  /** By name. */
  readonly topics: readonly ObservedTopic[];
}

export interface ObservedBroker {
  readonly id: number;
  /**
   * Whether the cluster counts it as alive and, if it leads partitions, whether it answered. A broker
   * is known from the replicas it is to hold, so one that is away is here as well.
   */
  readonly isUp: boolean;
}

export interface ObservedTopic {
  readonly name: string;
  /** Changes when a topic is deleted and created again under its name. */
  readonly id: string;
  /** In order. */
  readonly partitions: readonly ObservedPartition[];
}

export interface ObservedPartition {
  readonly partition: number;
  /** Node ids. Undefined while nobody leads it. */
  readonly leader: number | undefined;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
  /** Undefined where its leader did not answer. */
  readonly offsets: ObservedOffsets | undefined;
}

export interface ObservedOffsets {
  /** The first offset that is still there. */
  readonly earliest: number;
  /** The next offset to be written. */
  readonly end: number;
}
