import type { ConsumerGroup, PartitionLag } from './consumer-group.ts';

/**
 * How a group does, from the best to the worst:
 *
 * - `ok`: everything is done, or what is not has waited no longer than the target.
 * - `unknown`: there is something to do, and how long it has waited could not be read.
 * - `behind`: over the target, and the group gets on.
 * - `rewound`: over the target, and the committed offset went back.
 * - `stalled`: over the target, and the committed offset did not move while it was watched.
 * - `stopped`: over the target, and nobody reads the partition.
 * - `losing`: retention removed records that the group had not read.
 */
export type Verdict = (typeof VERDICTS)[number];

const VERDICTS = ['ok', 'unknown', 'behind', 'rewound', 'stalled', 'stopped', 'losing'] as const;

/** In Kafka's words: partitions are being given out, and whoever has none may get some. */
const REBALANCING = new Set(['PreparingRebalance', 'CompletingRebalance']);

/** What is known of a partition that a group reads. */
export interface PartitionEvidence {
  readonly lag: PartitionLag;
  /** The offset that was committed some time before; undefined when nobody looked. */
  readonly committedBefore: number | null | undefined;
  /** How long the first record that is not done has waited; undefined where it could not be read. */
  readonly lagSeconds: number | undefined;
  readonly targetSeconds: number;
  /** Whether a member has the partition. */
  readonly isOwned: boolean;
}

/**
 * The rules of Burrow (LinkedIn's monitor of consumer lag), with waiting time in the place of records.
 * Burrow says OK to a lag that is huge and steady, because offsets move, and calls a group late whose
 * lag is small and grows for a moment. Here a lag over the target is never ok, and one within it is.
 */
export function judgePartition(evidence: PartitionEvidence): Verdict {
  const { lag, committedBefore, lagSeconds, targetSeconds, isOwned } = evidence;
  if (lag.lost > 0) return 'losing';
  if (lag.lag === 0) return 'ok';
  if (lagSeconds === undefined) return 'unknown';
  if (lagSeconds <= targetSeconds) return 'ok';
  if (!isOwned) return 'stopped';
  if (committedBefore === undefined) return 'behind';
  if (committedBefore === lag.committed) return 'stalled';
  return (lag.committed ?? 0) < (committedBefore ?? 0) ? 'rewound' : 'behind';
}

/** The worst of them; `ok` when there are none. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return VERDICTS.findLast((verdict) => verdicts.includes(verdict)) ?? 'ok';
}

/** Whether a member of the group has the partition. During a rebalance somebody is taken to. */
export function isOwned(
  { state, members }: Pick<ConsumerGroup, 'state' | 'members'>,
  { topic, partition }: Pick<PartitionLag, 'topic' | 'partition'>,
): boolean {
  if (REBALANCING.has(state)) return true;
  return members.some(({ assignment }) => assignment[topic]?.includes(partition));
}
