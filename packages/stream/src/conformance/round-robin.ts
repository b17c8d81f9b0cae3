import type { AssignableMember, Assignor } from '../assignor/assignor.ts';
import type { TopicPartition } from '../ports/record.ts';

/** Partitions dealt out like cards, members in the order of their names: easy to foretell. */
export const roundRobin: Assignor = {
  name: 'conformance-round-robin',
  assign(members, topics) {
    const dealt = new Map<string, TopicPartition[]>(members.map(({ id }) => [id, []]));
    const byName = members.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const sorted = topics.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name: topic, partitions } of sorted) {
      const subscribers = byName.filter((member) => member.topics.includes(topic));
      for (let partition = 0; partition < partitions; partition++) {
        const taker: AssignableMember | undefined = subscribers[partition % subscribers.length];
        if (taker !== undefined) dealt.get(taker.id)?.push({ topic, partition });
      }
    }
    return dealt;
  },
};
