import type { Catalog } from '@sori/contract';
import {
  type ConsumerGroup,
  isOwned,
  judgePartition,
  type KafkaAdmin,
  keptForMs,
  type PartitionLag,
  readRecordTimes,
  type Verdict,
  worstVerdict,
} from '@sori/kafka';
import type { Clock, LogReader } from '@sori/stream';

/** Reading the first records that are not done may take this long. */
const READ_MS = 3_000;

/** A group, and how it does. */
export interface ExaminedGroup extends Omit<ConsumerGroup, 'lag'> {
  readonly verdict: Verdict;
  /** How long a record may wait. */
  readonly targetSeconds: number;
  /** The longest wait of a record that is not done; null where that is not known. */
  readonly lagSeconds: number | null;
  /** See ExaminedLag; the least of them. */
  readonly deletedInSeconds: number | null;
  readonly lag: readonly ExaminedLag[];
}

export interface ExaminedLag extends PartitionLag {
  readonly verdict: Verdict;
  /** Since when the first record waits that is not done; 0 when all are, null where it could not be read. */
  readonly lagSeconds: number | null;
  /**
   * When retention may delete the first record that is not done, at the earliest; null when all are done,
   * and where nothing is deleted.
   */
  readonly deletedInSeconds: number | null;
}

export interface ExaminationOptions {
  readonly admin: Pick<KafkaAdmin, 'describeGroups' | 'describeTopics'>;
  /** Stays the caller's. */
  readonly reader: Pick<LogReader, 'open'>;
  readonly catalog: Pick<Catalog, 'findTopic'>;
  /** Only these; all unless given. Those that do not exist are left out. */
  readonly names?: readonly string[] | undefined;
  readonly targetSeconds: (group: string) => number;
  /** How long to watch whether a group that is late gets on. */
  readonly windowMs: number;
  /** Hears that there are late groups, and that they are watched now. */
  readonly onWatch?: (groups: readonly string[]) => void;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * Describes groups and judges them: at once, unless some that are read are late. These are watched for
 * the window, to tell those that get on from those that do not.
 */
export async function examineGroups(
  options: ExaminationOptions,
): Promise<readonly ExaminedGroup[]> {
  const { admin, clock, names, onWatch, signal, windowMs } = options;
  const first = await look(options, names);
  const late = first.filter(({ group, lag }) => {
    const target = options.targetSeconds(group.group);
    // Where nobody reads there is nothing to watch.
    return lag.some(({ of, waitedSeconds = 0 }) => waitedSeconds > target && isOwned(group, of));
  });
  const before = new Map(late.map(({ group }) => [group.group, group]));
  let seen = first;
  if (late.length > 0 && windowMs > 0) {
    onWatch?.([...before.keys()]);
    await waitFor(windowMs, clock, signal);
    const again = await look(options, [...before.keys()]);
    const byName = new Map(again.map((of) => [of.group.group, of]));
    seen = first.map((of) => byName.get(of.group.group) ?? of);
  }
  const topics = new Set(
    seen.flatMap(({ group }) => group.lag.filter(({ lag }) => lag > 0).map(({ topic }) => topic)),
  );
  const settings =
    topics.size > 0 ? (await admin.describeTopics([...topics])).topics : new Map<string, never>();
  return seen.map((of) => {
    const watched = seen === first ? undefined : before.get(of.group.group);
    return judge(of, watched, options, (topic) => {
      const found = settings.get(topic)?.settings;
      return found && keptForMs(found, options.catalog.findTopic(topic));
    });
  });
}

/** A group at one moment, and how long the first undone record of each partition had waited then. */
interface Look {
  readonly group: ConsumerGroup;
  readonly lag: readonly {
    readonly of: PartitionLag;
    readonly waitedSeconds: number | undefined;
  }[];
}

async function look(
  { admin, clock, reader, signal }: ExaminationOptions,
  names: readonly string[] | undefined,
): Promise<readonly Look[]> {
  const groups = await admin.describeGroups(names);
  const now = clock.now();
  const position = (of: PartitionLag) => ({
    ...{ of, topic: of.topic, partition: of.partition },
    offset: Math.max(of.committed ?? of.earliest, of.earliest),
  });
  const undone = groups.flatMap(({ lag }) => lag.filter((of) => of.lag > 0).map(position));
  const times = await readRecordTimes(undone, { reader, readMs: READ_MS, signal, clock });
  signal.throwIfAborted();
  const waited = new Map(
    // A producer's clock may be ahead of ours.
    Array.from(times, ([{ of }, time]) => [of, Math.max(0, now - time) / 1_000]),
  );
  return groups.map((group) => ({
    group,
    lag: group.lag.map((of) => ({ of, waitedSeconds: of.lag === 0 ? 0 : waited.get(of) })),
  }));
}

function judge(
  { group, lag: looked }: Look,
  before: ConsumerGroup | undefined,
  { targetSeconds: targetOf }: ExaminationOptions,
  keptFor: (topic: string) => number | undefined,
): ExaminedGroup {
  const targetSeconds = targetOf(group.group);
  const lag = looked.map(({ of, waitedSeconds }): ExaminedLag => {
    const kept = of.lag === 0 ? undefined : keptFor(of.topic);
    const isKnown = kept !== undefined && waitedSeconds !== undefined;
    return {
      ...of,
      verdict: judgePartition({
        lag: of,
        committedBefore: before?.lag.find((old) => isSame(old, of))?.committed,
        lagSeconds: waitedSeconds,
        targetSeconds,
        isOwned: isOwned(group, of),
      }),
      lagSeconds: waitedSeconds ?? null,
      deletedInSeconds: isKnown ? Math.max(0, kept / 1_000 - waitedSeconds) : null,
    };
  });
  const waits = lag.map(({ lagSeconds }) => lagSeconds);
  const deletions = lag.flatMap(({ deletedInSeconds }) => deletedInSeconds ?? []);
  const { group: name, state, assignor, members } = group;
  return {
    ...{ group: name, state, assignor },
    verdict: worstVerdict(lag.map(({ verdict }) => verdict)),
    targetSeconds,
    lagSeconds: waits.includes(null) ? null : Math.max(0, ...waits.map(Number)),
    deletedInSeconds: deletions.length > 0 ? Math.min(...deletions) : null,
    ...{ members, lag },
  };
}

function isSame(a: PartitionLag, b: PartitionLag): boolean {
  return a.topic === b.topic && a.partition === b.partition;
}

async function waitFor(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  using _timer = clock.setTimer(resolve, ms);
  await promise;
  signal.removeEventListener('abort', abort);
}
