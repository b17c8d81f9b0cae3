/** A consumer group as the brokers report it. */
export interface ConsumerGroup {
  readonly group: string;
  /** In Kafka's words: `Stable`, `Empty`, `PreparingRebalance`, `CompletingRebalance`, `Dead`. */
  readonly state: string;
  /** The assignor's name; empty while the group has none. */
  readonly assignor: string;
  /** By name. */
  readonly members: readonly ConsumerGroupMember[];
  /** Every partition that is assigned or has a committed offset, by topic and partition. */
  readonly lag: readonly PartitionLag[];
}

export interface ConsumerGroupMember {
  /** The name that the member gave itself, as `notifier-1`; its client id where it gave none. */
  readonly member: string;
  readonly clientId: string;
  /** The broker's name for it, new with every join. */
  readonly memberId: string;
  /** The address that it connects from. */
  readonly host: string;
  /** Partitions by topic, both in order. Empty while the group rebalances. */
  readonly assignment: Readonly<Record<string, readonly number[]>>;
}

export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  /** The next offset that the group reads; null where it has committed none. */
  readonly committed: number | null;
  /** The first offset that is still there. */
  readonly earliest: number;
  /** The next offset to be written. */
  readonly end: number;
  /** Records that are there and not done: from the committed offset, else from the earliest. */
  readonly lag: number;
  /** Records that retention removed before the group read them. */
  readonly lost: number;
}
