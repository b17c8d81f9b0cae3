import type { Assignor } from '../assignor/assignor.ts';
import type { TopicPartition, TopicPartitionOffset } from './record.ts';

/** Joins consumer groups. */
export interface GroupCoordinator extends AsyncDisposable {
  /** Makes a member that has not joined yet. */
  member(options: MemberOptions): GroupMember;
}

export interface MemberOptions {
  readonly group: string;
  readonly topics: readonly string[];
  readonly assignor: Assignor;
  /** A name for logs and for the group's own view of the member, as `notifier-1`. */
  readonly memberName: string;
  /** After how long without a heartbeat the group takes the partitions away, in milliseconds. */
  readonly sessionTimeoutMs: number;
  readonly listener: MemberListener;
}

export interface MemberListener {
  /**
   * The group is about to change: stop taking records, finish what runs, commit. The member joins
   * the new generation when this settles. `member.commit` still speaks for the old generation.
   * It must settle within the rebalance timeout. Called only while the member holds a generation, not
   * before the first.
   */
  revoking(): Promise<void>;
  /** A new generation. `assignment.kept` names the partitions whose state may be carried over. */
  assigned(assignment: Assignment): void;
  /** The member was thrown out or its state is unknown: let go of everything at once, commit nothing. */
  lost(cause: Error): void;
}

export interface Assignment {
  readonly generation: number;
  /** Every partition of this member, with its committed offset; undefined where none is. */
  readonly partitions: readonly (TopicPartition & { readonly committed: number | undefined })[];
  /**
   * Whether no other member can have owned this member's partitions since the last generation:
   * the same member id, and the generation that follows.
   */
  readonly continuous: boolean;
}

/** One member of a group. It rejoins by itself, for ever, until it is left. */
export interface GroupMember extends AsyncDisposable {
  /**
   * Joins; resolves with the first assignment delivered. Rejects with the signal's reason when it is
   * aborted, and with LogError when no other try can help (`not-authorized`, another assignor).
   */
  join(signal?: AbortSignal): Promise<void>;
  /**
   * Commits for the current generation. Rejects with LogError `fenced` when the member is not of
   * the group now, or not sure of it (its last heartbeat is older than half the session).
   */
  commit(offsets: readonly TopicPartitionOffset[]): Promise<void>;
  /** Leaves the group, so that others take over at once. The listener hears nothing after it is called. */
  leave(): Promise<void>;
  /** When the group last acknowledged this member, milliseconds since the epoch; 0 before. */
  readonly lastHeartbeatAt: number;
}
