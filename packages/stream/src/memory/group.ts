import type { Assignor } from '../assignor/assignor.ts';
import { LogError } from '../errors.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { TopicPartition, TopicPartitionOffset } from '../ports/record.ts';
import type { TopicStore } from './topic-store.ts';

/** How long a rebalance waits for members that were there before. Kafka's JoinGroup field. */
export const REBALANCE_TIMEOUT_MS = 15_000;

/** What a member tells the group when it joins. */
export interface MemberDescription {
  readonly name: string;
  readonly topics: readonly string[];
  readonly assignor: Assignor;
  readonly sessionTimeoutMs: number;
  /** Something happened that its next heartbeat would say: a broker lets it wait, this one does not. */
  readonly onChange: () => void;
}

/** What a member hears when a generation begins. */
export interface JoinedGeneration {
  readonly generation: number;
  readonly partitions: readonly TopicPartition[];
}

interface GroupMemberState {
  readonly id: string;
  readonly description: MemberDescription;
  assigned: readonly TopicPartition[];
  /** Set while it waits in a join; such a member needs no heartbeat. */
  joining: PromiseWithResolvers<JoinedGeneration> | undefined;
  session: Timer | undefined;
}

/**
 * The broker's side of one group: the classic protocol with eager rebalancing, as in KIP-62 and the
 * group coordinator's states Empty, PreparingRebalance and Stable. Members that are to rejoin keep
 * their generation, and may commit, until all have joined or REBALANCE_TIMEOUT_MS is over.
 */
export class MemoryGroup {
  readonly id: string;
  readonly #store: TopicStore;
  readonly #clock: Clock;
  readonly #members = new Map<string, GroupMemberState>();
  readonly #committed = new Map<string, TopicPartitionOffset>();
  readonly #commitFaults: LogError[] = [];
  #state: 'empty' | 'preparing' | 'stable' = 'empty';
  #generation = 0;
  #memberCount = 0;
  #deadline: Timer | undefined;
  #partitionCounts = '';

  constructor(id: string, store: TopicStore, clock: Clock) {
    this.id = id;
    this.#store = store;
    this.#clock = clock;
    store.watch((changed) => {
      if (changed === undefined) this.#topicsChanged();
    });
  }

  get state(): 'empty' | 'preparing' | 'stable' {
    return this.#state;
  }

  get generation(): number {
    return this.#generation;
  }

  get members(): readonly {
    readonly id: string;
    readonly name: string;
    readonly partitions: readonly TopicPartition[];
  }[] {
    return Array.from(this.#members.values(), ({ id, description, assigned }) => ({
      id,
      name: description.name,
      partitions: assigned,
    }));
  }

  get committedOffsets(): readonly TopicPartitionOffset[] {
    return [...this.#committed.values()];
  }

  committed(partition: TopicPartition): number | undefined {
    return this.#committed.get(keyOf(partition))?.offset;
  }

  /** A member id for `join`. Throws LogError `rejected` when the group has another assignor. */
  register(description: MemberDescription): string {
    for (const other of this.#members.values()) {
      if (other.description.assignor.name === description.assignor.name) continue;
      throw new LogError('rejected', `the members of ${this.id} use another assignor`);
    }
    this.#memberCount += 1;
    const id = `${description.name}-${this.#memberCount}`;
    const member = { id, description, assigned: [], joining: undefined, session: undefined };
    this.#members.set(id, member);
    this.#prepare();
    return id;
  }

  /** Resolves when a generation with this member begins. Rejects with LogError `fenced`. */
  join(id: string): Promise<JoinedGeneration> {
    const member = this.#members.get(id);
    if (member === undefined) return Promise.reject(unknownMember(id));
    member.session?.cancel();
    member.joining ??= Promise.withResolvers();
    const { promise } = member.joining;
    this.#prepare();
    this.#completeIfAllJoined();
    return promise;
  }

  heartbeat(id: string): 'stable' | 'rebalancing' | 'unknown-member' {
    const member = this.#members.get(id);
    if (member === undefined) return 'unknown-member';
    this.#startSession(member);
    return this.#state === 'preparing' ? 'rebalancing' : 'stable';
  }

  /** Throws LogError `fenced` for a member or generation that the group does not know now. */
  commit(id: string, generation: number, offsets: readonly TopicPartitionOffset[]): void {
    const member = this.#members.get(id);
    if (member === undefined || generation !== this.#generation) throw unknownMember(id);
    const fault = this.#commitFaults.shift();
    if (fault !== undefined) throw fault;
    for (const { topic, partition, offset } of offsets) {
      this.#committed.set(keyOf({ topic, partition }), { topic, partition, offset });
    }
  }

  /** Takes a member out, whether it leaves or is thrown out; the others rebalance. */
  remove(id: string): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    this.#members.delete(id);
    member.session?.cancel();
    member.joining?.reject(unknownMember(id));
    member.description.onChange();
    if (this.#members.size === 0) this.#becomeEmpty();
    else this.#prepare();
    this.#completeIfAllJoined();
  }

  failNextCommit(error: LogError): void {
    this.#commitFaults.push(error);
  }

  #prepare(): void {
    if (this.#state === 'preparing') return;
    this.#state = 'preparing';
    this.#deadline = this.#clock.setTimer(() => this.#removeLaggards(), REBALANCE_TIMEOUT_MS);
    for (const { description } of this.#members.values()) description.onChange();
  }

  #removeLaggards(): void {
    for (const member of [...this.#members.values()]) {
      if (member.joining === undefined) this.remove(member.id);
    }
  }

  #completeIfAllJoined(): void {
    const members = [...this.#members.values()];
    if (this.#state !== 'preparing' || members.some(({ joining }) => joining === undefined)) return;
    const [leader] = members;
    if (leader === undefined) return;
    this.#deadline?.cancel();
    this.#state = 'stable';
    this.#generation += 1;
    const topics = this.#subscribedTopics();
    this.#partitionCounts = JSON.stringify(topics);
    const assignment = leader.description.assignor.assign(
      members.map(({ id, description: { name, topics } }) => ({ id, name, topics })),
      topics,
    );
    for (const member of members) {
      member.assigned = assignment.get(member.id) ?? [];
      this.#startSession(member);
      member.joining?.resolve({ generation: this.#generation, partitions: member.assigned });
      member.joining = undefined;
    }
  }

  #becomeEmpty(): void {
    this.#deadline?.cancel();
    this.#state = 'empty';
    this.#generation += 1;
  }

  #startSession(member: GroupMemberState): void {
    member.session?.cancel();
    if (member.joining !== undefined) return;
    const { sessionTimeoutMs } = member.description;
    member.session = this.#clock.setTimer(() => this.remove(member.id), sessionTimeoutMs);
  }

  #topicsChanged(): void {
    if (this.#state !== 'stable') return;
    if (JSON.stringify(this.#subscribedTopics()) !== this.#partitionCounts) this.#prepare();
  }

  /** Of topics that do not exist there is nothing to assign. */
  #subscribedTopics(): readonly { readonly name: string; readonly partitions: number }[] {
    const names = new Set(
      [...this.#members.values()].flatMap(({ description }) => description.topics),
    );
    return Array.from(names, (name) => ({ name, partitions: this.#store.countOf(name) })).filter(
      ({ partitions }) => partitions > 0,
    );
  }
}

function unknownMember(id: string): LogError {
  return new LogError('fenced', `the group does not know the member ${id}, or not in this state`);
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
