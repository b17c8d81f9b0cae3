import type { GroupCoordinator } from '@sori/stream';
import { createClusterView } from '../cluster-view.ts';
import type { KafkaOptions } from '../connection.ts';
import { KafkaGroupMember } from './group-member.ts';

/**
 * Joins consumer groups in the classic protocol, rebalancing eagerly: before a member joins a new
 * generation it lets go of everything it has.
 *
 * Limits: a member holds two TCP connections to the coordinator and asks for the metadata of its
 * topics every 5 s. It joins while every partition of its topics has a leader; once joined it stays,
 * whatever becomes of them. A rebalance waits at most 15 s (or the session timeout, if that is
 * longer) for a member to let go.
 */
export function createGroupCoordinator(options: KafkaOptions): GroupCoordinator {
  const view = createClusterView(options);
  const members = new Set<KafkaGroupMember>();
  return {
    member(memberOptions) {
      const member: KafkaGroupMember = new KafkaGroupMember(options, view, memberOptions, () =>
        members.delete(member),
      );
      members.add(member);
      return member;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(Array.from(members, (member) => member[Symbol.asyncDispose]()));
      await view[Symbol.asyncDispose]();
    },
  };
}
