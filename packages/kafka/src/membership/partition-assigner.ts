import type { ConsumerOptions, GroupAssignment } from '@platformatic/kafka';
import type { Assignor } from '@sori/stream';
import { decodeMemberData } from './member-data.ts';

type ClientOptions = ConsumerOptions<Buffer, Buffer, Buffer, Buffer>;

/** The client does not export this type by its name. */
export type PartitionAssigner = NonNullable<
  Extract<ClientOptions, { readonly partitionAssigner?: unknown }>['partitionAssigner']
>;

/**
 * An Assignor as the client calls it on the group's leader. The client does not call it for a group
 * of one member, which gets everything. An assignor that throws is a bug, and ends the process.
 */
export function toPartitionAssigner(assignor: Assignor): PartitionAssigner {
  return (_leader, members, _topicsOfTheLeader, metadata) => {
    const partitionCounts = new Map<string, number>();
    const assignable = Array.from(members.values(), (member) => {
      const data = decodeMemberData(member.metadata);
      const topics = member.topics ?? [];
      for (const topic of topics) {
        // The leader's metadata may be older than that of the member that saw the topic grow.
        const known = metadata.topics.get(topic)?.partitionsCount ?? 0;
        const count = Math.max(known, data?.partitions.get(topic) ?? 0);
        partitionCounts.set(topic, Math.max(count, partitionCounts.get(topic) ?? 0));
      }
      return { id: member.memberId, name: data?.name ?? member.memberId, topics };
    });
    const topics = Array.from(partitionCounts, ([name, partitions]) => ({ name, partitions }));
    const assigned = assignor.assign(assignable, topics);
    return assignable.map(({ id }) => ({
      memberId: id,
      assignments: byTopic(assigned.get(id) ?? []),
    }));
  };
}

function byTopic(
  partitions: readonly { readonly topic: string; readonly partition: number }[],
): Map<string, GroupAssignment> {
  const grouped = new Map<string, GroupAssignment>();
  for (const { topic, partition } of partitions) {
    const assignment = grouped.get(topic);
    if (assignment === undefined) grouped.set(topic, { topic, partitions: [partition] });
    else assignment.partitions.push(partition);
  }
  return grouped;
}
