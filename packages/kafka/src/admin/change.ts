/**
 * What a change does to those who use the topic:
 * - `safe`: nothing that was promised is broken.
 * - `breaks-ordering`: records of a key are on two partitions, so no longer in one order.
 * - `loses-data`: records that are kept now will be deleted.
 * - `impossible`: Kafka cannot do it, or not by this command.
 */
export type ChangeClass = 'safe' | 'breaks-ordering' | 'loses-data' | 'impossible';

interface ChangeBase {
  readonly topic: string;
  readonly class: ChangeClass;
  /** Why it has its class, or what it means: a sentence, or empty where nothing needs saying. */
  readonly reason: string;
}

export interface CreateTopic extends ChangeBase {
  readonly kind: 'create';
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly settings: Readonly<Record<string, string>>;
}

export interface ChangePartitions extends ChangeBase {
  readonly kind: 'partitions';
  readonly from: number;
  readonly to: number;
  /** The share of keys, 0 to 1, whose records will go to another partition. */
  readonly movedKeys: number;
}

export interface ChangeReplicationFactor extends ChangeBase {
  readonly kind: 'replication-factor';
  /** The fewest and the most replicas that one of the topic's partitions has. */
  readonly from: { readonly fewest: number; readonly most: number };
  readonly to: number;
}

export interface ChangeSetting extends ChangeBase {
  readonly kind: 'setting';
  readonly setting: string;
  /** What is in effect now. */
  readonly from: string | null;
  /** The value to set; null takes the topic's own setting away, so that the brokers' counts. */
  readonly to: string | null;
}

/** One difference between the catalog and a cluster, as the change that would end it. */
export type TopicChange = CreateTopic | ChangePartitions | ChangeReplicationFactor | ChangeSetting;
