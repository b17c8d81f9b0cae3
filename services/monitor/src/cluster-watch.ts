import type { Catalog } from '@sori/contract';
import type { ClusterObservation, ClusterObserver, ConsumerGroup, PartitionLag } from '@sori/kafka';
import { type Clock, LogError, type Logger } from '@sori/stream';
import type { MonitorLimits } from './limits.ts';
import { pause } from './pause.ts';
import type { Position, RecordTimes } from './record-times.ts';

/** The two things that are looked at, each of which can fail while the other works. */
export const PARTS = ['topics', 'groups'] as const;
export type Part = (typeof PARTS)[number];

/** What was seen, and when. */
interface Seen<T> {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: T;
}

/** A group, with the timestamps of the first records that it has not done. */
export interface WatchedGroup extends Omit<ConsumerGroup, 'lag'> {
  readonly lag: readonly WatchedLag[];
}

export interface WatchedLag extends PartitionLag {
  /** Undefined where nothing is left to do, and where it could not be read. */
  readonly firstUndoneAt: number | undefined;
}

/** Hears of every look. */
export interface WatchListener {
  looked(part: Part, durationMs: number): void;
  failed(part: Part, reason: string): void;
}

export interface ClusterWatchOptions {
  readonly catalog: Catalog;
  readonly observer: ClusterObserver;
  readonly times: RecordTimes;
  readonly listener: WatchListener;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly limits: MonitorLimits;
}

/**
 * Looks at the cluster on an interval, one look at a time, however often it is asked: brokers have the
 * same work with one scraper as with ten.
 */
export class ClusterWatch {
  readonly startedAt: number;
  readonly #options: ClusterWatchOptions;
  #topics: Seen<ClusterObservation> | undefined;
  #groups: Seen<readonly WatchedGroup[]> | undefined;
  #leftOut: Readonly<Record<Part, number>> = { topics: 0, groups: 0 };
  readonly #failing = new Map<Part, string>();

  constructor(options: ClusterWatchOptions) {
    this.#options = options;
    this.startedAt = options.clock.now();
  }

  /** Undefined before the first look, and when the last is too long ago. */
  get topics(): ClusterObservation | undefined {
    return this.#fresh(this.#topics);
  }

  /** The brokers that were last seen, however long ago; none is up while nobody answers. */
  get brokers(): ClusterObservation['brokers'] {
    const isCutOff = this.#failing.has('topics');
    return (this.#topics?.value.brokers ?? []).map(({ id, isUp }) => ({
      id,
      isUp: isUp && !isCutOff,
    }));
  }

  /** Undefined before the first look, and when the last is too long ago. */
  get groups(): readonly WatchedGroup[] | undefined {
    return this.#fresh(this.#groups);
  }

  /** Topics and groups of the cluster that are beyond the limits. */
  get leftOut(): Readonly<Record<Part, number>> {
    return this.#leftOut;
  }

  /** Milliseconds since a part was last seen; since the start where it never was. */
  ageOf(part: Part): number {
    const seen = part === 'topics' ? this.#topics : this.#groups;
    return this.#options.clock.now() - (seen?.at ?? this.startedAt);
  }

  /** Why there is nothing to export of a part now; undefined when there is. */
  problem(part: Part): string | undefined {
    if (this[part] !== undefined) return undefined;
    return this.#failing.get(part) ?? 'not looked yet';
  }

  /** Looks until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, limits } = this.#options;
    while (!signal.aborted) {
      const startedAt = clock.now();
      await this.#look('topics', async () => {
        const { value, leftOut } = this.#bounded(await this.#options.observer.observe());
        this.#leftOut = { ...this.#leftOut, topics: leftOut };
        this.#topics = { at: startedAt, value };
      });
      const observation = this.#topics;
      if (observation !== undefined && !this.#failing.has('topics') && !signal.aborted) {
        await this.#look('groups', async () => {
          const value = await this.#lookAtGroups(observation.value, signal);
          this.#groups = { at: startedAt, value };
        });
      }
      await pause(clock, Math.max(0, limits.lookEveryMs - (clock.now() - startedAt)), signal);
    }
  }

  async #look(part: Part, look: () => Promise<void>): Promise<void> {
    const { clock, listener, logger } = this.#options;
    const startedAt = clock.now();
    try {
      await look();
      listener.looked(part, clock.now() - startedAt);
      if (this.#failing.delete(part)) logger.info({ part }, 'the cluster can be seen again');
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      listener.failed(part, error.reason);
      // One line for an outage, not one for every look.
      if (!this.#failing.has(part)) {
        logger.warn({ err: error, part }, 'the cluster cannot be seen and is looked at again');
      }
      this.#failing.set(part, error.reason);
    }
  }

  #bounded(observation: ClusterObservation): {
    readonly value: ClusterObservation;
    readonly leftOut: number;
  } {
    const { catalog, limits } = this.#options;
    const topics: ClusterObservation['topics'][number][] = [];
    let partitions = 0;
    let leftOut = 0;
    const known = (name: string) => catalog.findTopic(name) !== undefined;
    for (const topic of firstOf(observation.topics, ({ name }) => known(name))) {
      partitions += topic.partitions.length;
      if (partitions <= limits.partitions) topics.push(topic);
      else leftOut++;
    }
    return { value: { ...observation, topics }, leftOut };
  }

  async #lookAtGroups(
    observation: ClusterObservation,
    signal: AbortSignal,
  ): Promise<readonly WatchedGroup[]> {
    const { catalog, limits, observer, times } = this.#options;
    const all = await observer.observeGroups(observation);
    const ids = new Set(catalog.groups.map(({ id }) => id));
    const groups = firstOf(all, ({ group }) => ids.has(group)).slice(0, limits.groups);
    this.#leftOut = { ...this.#leftOut, groups: all.length - groups.length };
    const topicIds = new Map(observation.topics.map(({ name, id }) => [name, id]));
    const positionOf = ({ topic, partition, committed, earliest, lag }: PartitionLag) => {
      const topicId = topicIds.get(topic);
      if (lag === 0 || topicId === undefined) return undefined;
      const offset = Math.max(committed ?? earliest, earliest);
      return { topicId, topic, partition, offset } satisfies Position;
    };
    const lags = groups.flatMap(({ lag }) => lag);
    await times.learn(
      lags.flatMap((lag) => positionOf(lag) ?? []),
      signal,
    );
    return groups.map((group) => ({
      ...group,
      lag: group.lag.map((lag) => {
        const position = positionOf(lag);
        const firstUndoneAt = position === undefined ? undefined : times.timeOf(position);
        return { ...lag, firstUndoneAt };
      }),
    }));
  }

  #fresh<T>(seen: Seen<T> | undefined): T | undefined {
    const { clock, limits } = this.#options;
    if (seen === undefined || clock.now() - seen.at > limits.staleAfterMs) return undefined;
    return seen.value;
  }
}

/** Those that are preferred first, otherwise in the order given. */
function firstOf<T>(items: readonly T[], isPreferred: (item: T) => boolean): readonly T[] {
  return [...items.filter(isPreferred), ...items.filter((item) => !isPreferred(item))];
}
