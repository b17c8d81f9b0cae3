import { createHash } from 'node:crypto';
import type { ClusterState } from './cluster-state.ts';

/**
 * A hash of everything that a plan depends on: the cluster, and the topics asked for with what they
 * set themselves and inherit. The same for the same state, whatever order it was read in.
 */
export function stateFingerprint(state: ClusterState): string {
  const topics = [...state.topics].map(([name, { partitions, replicas, settings }]) => [
    name,
    partitions,
    replicas,
    [...settings]
      .map(([setting, { value, overridden }]) => [setting, value, overridden])
      .toSorted(),
  ]);
  const text = JSON.stringify([state.clusterId, state.brokerCount, topics.toSorted()]);
  return createHash('sha256').update(text).digest('hex');
}
