import { DEFAULT_MAX_MESSAGE_BYTES } from '@sori/contract';
import { systemClock } from '../clock.ts';
import type { LogError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { LogReader } from '../ports/log-reader.ts';
import type { LogWriter } from '../ports/log-writer.ts';
import type { GroupCoordinator, MemberOptions } from '../ports/membership.ts';
import type {
  LogRecord,
  RecordToAppend,
  TopicPartition,
  TopicPartitionOffset,
} from '../ports/record.ts';
import { MemoryGroup } from './group.ts';
import { MemoryMember } from './member.ts';
import { createMemoryReader } from './reader.ts';
import { TopicStore } from './topic-store.ts';
import { createMemoryWriter } from './writer.ts';

/**
 * A log in this process, for tests: the ports of this package, a look inside, and faults. It keeps to
 * what the ports promise and passes the same conformance suite as a real broker. Everything settles in
 * microtasks, so under a VirtualClock a test is deterministic.
 */
export interface MemoryLog extends AsyncDisposable {
  writer(): LogWriter;
  reader(): LogReader;
  coordinator(): GroupCoordinator;
  /** Makes a topic; a batch of it is at most `maxBatchBytes`, Kafka's default unless given. */
  createTopic(name: string, partitions: number, maxBatchBytes?: number): void;
  /** Adds partitions up to `partitions`; groups that read the topic rebalance. */
  growTopic(name: string, partitions: number): void;
  /** Stores records as some other program would, and returns the first one's offset. */
  store(target: TopicPartition, records: readonly RecordToAppend[]): number;
  /** What a topic, or one of its partitions, holds; partition by partition, in order of offsets. */
  records(topic: string, partition?: number): readonly LogRecord[];
  group(id: string): MemoryGroupView;
  readonly faults: MemoryFaults;
}

/** A group as its broker sees it. */
export interface MemoryGroupView {
  readonly state: 'empty' | 'preparing' | 'stable';
  readonly generation: number;
  readonly members: readonly {
    readonly id: string;
    readonly name: string;
    readonly partitions: readonly TopicPartition[];
  }[];
  readonly committedOffsets: readonly TopicPartitionOffset[];
  committed(partition: TopicPartition): number | undefined;
}

/** What can be made to go wrong. What returns a Disposable lasts until that is disposed. */
export interface MemoryFaults {
  /** The partition's next append fails with `error` and stores nothing. */
  failNextAppend(target: TopicPartition, error: LogError): void;
  /** The partition's next append stores its records and fails with an unknown outcome. */
  loseNextAcknowledgement(target: TopicPartition): void;
  /** Appends to the partition wait, unanswered and not yet stored. */
  holdAppends(target: TopicPartition): Disposable;
  /** How many appends the partition has seen. */
  appendsArrived(target: TopicPartition): number;
  /** The partition has no leader: appends fail unstored, reads fail and are tried again. */
  makeUnavailable(target: TopicPartition): Disposable;
  /** As retention does: what lies below `offset` cannot be read any more. */
  deleteBefore(start: TopicPartitionOffset): void;
  /** As an unclean election does: records from `offset` on are gone, their offsets are used again. */
  truncate(end: TopicPartitionOffset): void;
  /** The group's next commit fails with `error` and stores nothing. */
  failNextCommit(group: string, error: LogError): void;
  /** The group throws the members of that name out, as when their session had ended. */
  removeMember(group: string, memberName: string): void;
  /** The member and its group do not hear each other: its session ends by itself. */
  isolateMember(group: string, memberName: string): Disposable;
}

export interface MemoryLogOptions {
  /** Names with their number of partitions. */
  readonly topics?: Readonly<Record<string, number>>;
  readonly clock?: Clock;
}

export function createMemoryLog(options: MemoryLogOptions = {}): MemoryLog {
  const clock = options.clock ?? systemClock;
  const store = new TopicStore();
  const groups = new Map<string, MemoryGroup>();
  const made = new Set<AsyncDisposable>();
  const members = new Map<MemoryMember, MemberOptions>();

  const createTopic: MemoryLog['createTopic'] = (
    name,
    partitions,
    maxBatchBytes = DEFAULT_MAX_MESSAGE_BYTES,
  ) => store.grow(name, partitions, maxBatchBytes);
  for (const [name, partitions] of Object.entries(options.topics ?? {})) {
    createTopic(name, partitions);
  }

  function keep<T extends AsyncDisposable>(port: T): T {
    made.add(port);
    return port;
  }

  function groupOf(id: string): MemoryGroup {
    const group = groups.get(id) ?? new MemoryGroup(id, store, clock);
    groups.set(id, group);
    return group;
  }

  function coordinator(): GroupCoordinator {
    const own = new Set<MemoryMember>();
    return keep({
      member(memberOptions) {
        const group = groupOf(memberOptions.group);
        const member = new MemoryMember(memberOptions, group, clock, () => {
          own.delete(member);
          members.delete(member);
        });
        own.add(member);
        members.set(member, memberOptions);
        return member;
      },
      async [Symbol.asyncDispose]() {
        await Promise.all(Array.from(own, (member) => member.leave()));
      },
    });
  }

  const faults: MemoryFaults = {
    failNextAppend: (target, error) => store.get(target).fail({ kind: 'refused', error }),
    loseNextAcknowledgement: (target) => store.get(target).fail({ kind: 'acknowledgement-lost' }),
    holdAppends: (target) => store.get(target).hold(),
    appendsArrived: (target) => store.get(target).arrived,
    makeUnavailable(target) {
      const log = store.get(target);
      log.setAvailable(false);
      return { [Symbol.dispose]: () => log.setAvailable(true) };
    },
    deleteBefore: (start) => store.get(start).deleteBefore(start.offset),
    truncate: (end) => store.get(end).truncate(end.offset),
    failNextCommit: (group, error) => groupOf(group).failNextCommit(error),
    removeMember(id, memberName) {
      const group = groupOf(id);
      for (const member of group.members) if (member.name === memberName) group.remove(member.id);
    },
    isolateMember(group, memberName) {
      const cut = [...members].filter(
        ([, given]) => given.group === group && given.memberName === memberName,
      );
      for (const [member] of cut) member.setReachable(false);
      return {
        [Symbol.dispose]: () => {
          for (const [member] of cut) member.setReachable(true);
        },
      };
    },
  };

  return {
    writer: () => keep(createMemoryWriter(store, clock)),
    reader: () => keep(createMemoryReader(store)),
    coordinator,
    createTopic,
    growTopic: (name, partitions) => store.grow(name, partitions, DEFAULT_MAX_MESSAGE_BYTES),
    store: (target, records) => store.get(target).append(records, clock.now()),
    records: (topic, partition) =>
      store
        .partitionsOf(topic)
        .filter(({ target }) => partition === undefined || target.partition === partition)
        .flatMap((log) => log.read(log.earliest)),
    group: groupOf,
    faults,
    async [Symbol.asyncDispose]() {
      await Promise.all(Array.from(made, (port) => port[Symbol.asyncDispose]()));
    },
  };
}
