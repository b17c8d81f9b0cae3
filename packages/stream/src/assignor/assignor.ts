import type { TopicPartition } from '../ports/record.ts';

/** A topic as an assignor sees it. */
export interface AssignableTopic {
  readonly name: string;
  readonly partitions: number;
}

export interface AssignableMember {
  readonly id: string;
  /** A name that outlives rejoins, by which members are ordered. */
  readonly name: string;
  /** The topics that this member subscribes to; others are never assigned to it. */
  readonly topics: readonly string[];
}

/** Decides which member reads which partitions. Pure and deterministic: every leader finds the same. */
export interface Assignor {
  /** The protocol's name in the group. */
  readonly name: string;
  /**
   * Every partition of every topic that somebody subscribes to, exactly once, to a subscriber.
   * Members without partitions are in the result with an empty list.
   */
  assign(
    members: readonly AssignableMember[],
    topics: readonly AssignableTopic[],
  ): ReadonlyMap<string, readonly TopicPartition[]>;
}
