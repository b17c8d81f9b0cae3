import type { Group, GroupMember, ListConsumerGroupOffsetsGroup } from '@platformatic/kafka';
import type { TopicPartition } from '@sori/stream';
import { type ClusterView, type OffsetAt, toOffset } from '../cluster-view.ts';
import { isUnknownTopic } from '../errors.ts';
import { decodeMemberData } from '../membership/member-data.ts';
import type { AdminClient } from './admin-client.ts';
import type { ConsumerGroup, ConsumerGroupMember, PartitionLag } from './consumer-group.ts';

/** What consumers' groups say of themselves; other tools (Connect) use groups for their own ends. */
const CONSUMER_PROTOCOL = 'consumer';

/**
 * Describes the groups named, or all consumer groups of the classic protocol, by name. A group that
 * does not exist is left out. Rejects with LogError.
 */
export async function describeGroups(
  client: Pick<AdminClient, 'ask'>,
  readBounds: ReadBounds,
  names?: readonly string[],
): Promise<readonly ConsumerGroup[]> {
  const listed = await client.ask('listing groups', (admin) => admin.listGroups());
  const groups = [...listed.values()]
    .filter(({ protocolType }) => protocolType === CONSUMER_PROTOCOL || protocolType === '')
    .map(({ id }) => id)
    .filter((id) => names === undefined || names.includes(id))
    .toSorted();
  // The client takes an empty list for a mistake.
  if (groups.length === 0) return [];
  const [described, committed] = await Promise.all([
    client.ask('describing groups', (admin) => admin.describeGroups({ groups })),
    client.ask('reading committed offsets', (admin) => admin.listConsumerGroupOffsets({ groups })),
  ]);
  const found = groups.flatMap((name) => described.get(name) ?? []);
  const offsets = new Map(committed.map((group) => [group.groupId, committedOffsets(group)]));
  const bounds = await readBounds([
    ...found.flatMap((group) => Object.keys(topicsOf(group))),
    ...[...offsets.values()].flatMap((ofGroup) => ofGroup.map(({ topic }) => topic)),
  ]);
  return found.map((group) => ({
    group: group.id,
    state: group.state,
    assignor: group.protocol,
    members: [...group.members.values()].map(toMember).toSorted(byName),
    lag: lagOf(group, offsets.get(group.id) ?? [], bounds),
  }));
}

interface CommittedOffset extends TopicPartition {
  readonly committed: number;
}

function committedOffsets({ topics }: ListConsumerGroupOffsetsGroup): readonly CommittedOffset[] {
  return topics.flatMap(({ name: topic, partitions }) =>
    partitions.flatMap(({ partitionIndex: partition, committedOffset }) =>
      // Below 0 is Kafka's way to say that there is none.
      committedOffset < 0n ? [] : [{ topic, partition, committed: toOffset(committedOffset) }],
    ),
  );
}

/** The first and the next offset of partitions, by topic. */
export type Bounds = ReadonlyMap<
  string,
  Readonly<Record<'earliest' | 'latest', ReadonlyMap<number, number>>>
>;

/** Topics that are gone, whose offsets are still committed, are left out. */
export type ReadBounds = (topics: readonly string[]) => Promise<Bounds>;

/** Asks the brokers for the bounds of each topic. */
export async function listBounds(view: ClusterView, topics: readonly string[]): Promise<Bounds> {
  const offsetsOf = async (topic: string, at: OffsetAt): Promise<ReadonlyMap<number, number>> => {
    const listed = await view.listOffsets(topic, at);
    return new Map(listed.map(({ partition, offset }) => [partition, offset]));
  };
  const boundsOf = async (topic: string) => {
    try {
      // In this order, or a partition could be seen to end before it begins.
      const earliest = await offsetsOf(topic, 'earliest');
      return [[topic, { earliest, latest: await offsetsOf(topic, 'latest') }] as const];
    } catch (error) {
      if (isUnknownTopic(error)) return [];
      throw error;
    }
  };
  return new Map((await Promise.all(Array.from(new Set(topics), boundsOf))).flat());
}

/** The group's assigned partitions by topic, over all members. */
function topicsOf(group: Group): Readonly<Record<string, readonly number[]>> {
  const byTopic: Record<string, number[]> = {};
  for (const member of group.members.values()) {
    for (const { topic, partitions } of member.assignments?.values() ?? []) {
      byTopic[topic] = [...(byTopic[topic] ?? []), ...partitions];
    }
  }
  return byTopic;
}

function toMember(member: GroupMember): ConsumerGroupMember {
  const assignments = [...(member.assignments?.values() ?? [])];
  return {
    member: decodeMemberData(member.metadata?.metadata)?.name ?? member.clientId,
    clientId: member.clientId,
    memberId: member.id,
    // Java's way to print an address: a host name that is not known, a slash, the address.
    host: member.clientHost.replace(/^.*\//, ''),
    assignment: Object.fromEntries(
      assignments
        .map(({ topic, partitions }): [string, readonly number[]] => [
          topic,
          partitions.toSorted((a, b) => a - b),
        ])
        .toSorted(([a], [b]) => compareText(a, b)),
    ),
  };
}

function lagOf(
  group: Group,
  offsets: readonly CommittedOffset[],
  bounds: Bounds,
): readonly PartitionLag[] {
  const committedAt = new Map(
    offsets.map(({ topic, partition, committed }) => [`${topic}/${partition}`, committed]),
  );
  const assigned = Object.entries(topicsOf(group)).flatMap(([topic, partitions]) =>
    partitions.map((partition): TopicPartition => ({ topic, partition })),
  );
  const all = new Map(
    [...offsets, ...assigned].map(({ topic, partition }): [string, TopicPartition] => [
      `${topic}/${partition}`,
      { topic, partition },
    ]),
  );
  return Array.from(all, ([key, source]) => {
    const topic = bounds.get(source.topic);
    const earliest = topic?.earliest.get(source.partition);
    const end = topic?.latest.get(source.partition);
    if (earliest === undefined || end === undefined) return [];
    return [partitionLag(source, { committed: committedAt.get(key) ?? null, earliest, end })];
  })
    .flat()
    .toSorted((a, b) => compareText(a.topic, b.topic) || a.partition - b.partition);
}

/** What the three offsets of a partition come to. */
export function partitionLag(
  { topic, partition }: TopicPartition,
  offsets: Pick<PartitionLag, 'committed' | 'earliest' | 'end'>,
): PartitionLag {
  const { committed, earliest, end } = offsets;
  return {
    topic,
    partition,
    ...offsets,
    lag: Math.max(0, end - Math.max(committed ?? earliest, earliest)),
    lost: committed === null ? 0 : Math.max(0, earliest - committed),
  };
}

function byName(a: ConsumerGroupMember, b: ConsumerGroupMember): number {
  return compareText(a.member, b.member) || compareText(a.memberId, b.memberId);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
