import type { SessionPartitions } from '../consumer/group-session.ts';
import type { LogSink, RecordBatch } from '../ports/log-reader.ts';
import type { Assignment } from '../ports/membership.ts';
import type { TopicPartition } from '../ports/record.ts';
import { PartitionProjector, type PartitionProjectorDependencies } from './partition-projector.ts';

/** Where a partition that was never read starts: what the log still has, from its beginning. */
const EARLIEST = 0;

/** A partition that was assigned, and that the store has not said the start of yet. */
interface Start {
  readonly committed: number | undefined;
  failingSince: number | undefined;
}

/** The projectors of the partitions that this member has now. Takes what the subscription reads. */
export class ProjectedPartitions<Transaction> implements LogSink, SessionPartitions {
  readonly #projectors = new Map<string, PartitionProjector<Transaction>>();
  /** Assigned, and waiting for the store to say where they start. */
  readonly #starting = new Map<string, Start>();
  #given: Omit<PartitionProjectorDependencies<Transaction>, 'onFenced'> | undefined;

  /** The subscription needs this sink, and the projectors need the subscription: they come second. */
  connect(given: Omit<PartitionProjectorDependencies<Transaction>, 'onFenced'>): void {
    this.#given = given;
  }

  get projectors(): readonly PartitionProjector<Transaction>[] {
    return [...this.#projectors.values()];
  }

  get running(): number {
    return this.projectors.filter(({ isRunning }) => isRunning).length;
  }

  get names(): readonly string[] {
    return [...this.#projectors.keys(), ...this.#starting.keys()];
  }

  get failingSince(): number | undefined {
    const all = [...this.#projectors.values(), ...this.#starting.values()];
    const times = all.flatMap(({ failingSince }) => failingSince ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  pump(): void {
    for (const projector of this.projectors) projector.pump();
  }

  replace(assignment: Assignment): void {
    const assigned = new Map(
      assignment.partitions.map((partition) => [keyOf(partition), partition]),
    );
    for (const [key, projector] of this.#projectors) {
      if (!assignment.continuous || !assigned.has(key)) this.#drop(key, projector);
    }
    this.#starting.clear();
    for (const [key, { topic, partition, committed }] of assigned) {
      if (!this.#projectors.has(key)) this.#start({ topic, partition }, committed);
    }
  }

  clear(): void {
    this.#starting.clear();
    for (const [key, projector] of this.#projectors) this.#drop(key, projector);
  }

  records(batch: RecordBatch): void {
    this.#projectors.get(keyOf(batch))?.accept(batch);
  }

  outOfRange(event: {
    readonly partition: TopicPartition;
    readonly position: number;
    readonly resumeAt: number;
  }): void {
    const projector = this.#projectors.get(keyOf(event.partition));
    if (projector === undefined) return;
    const { position, resumeAt } = event;
    const fields = { ...projector.source, position, resumeAt };
    const { logger, metrics } = this.#connected();
    if (position > resumeAt) {
      logger.error(fields, 'the log ends before the position: it was cut, or made anew');
    } else if (projector.position !== undefined) {
      logger.error(fields, 'position out of range: records were lost before they were read');
      metrics.skippedByRetention(projector.source, resumeAt - position);
    }
    projector.skipTo(resumeAt);
  }

  failing(event: { readonly partitions: readonly TopicPartition[]; readonly cause: Error }): void {
    const fields = { partitions: event.partitions.map(keyOf), err: event.cause };
    this.#connected().logger.warn(fields, 'reading fails; it is tried again');
  }

  recovered(event: { readonly partitions: readonly TopicPartition[] }): void {
    this.#connected().logger.info({ partitions: event.partitions.map(keyOf) }, 'reading goes on');
  }

  /** Asks the store where the partition starts, until it answers or the partition is let go. */
  #start(source: TopicPartition, committed: number | undefined): void {
    const key = keyOf(source);
    const attempt: Start = { committed, failingSince: undefined };
    this.#starting.set(key, attempt);
    const { clock, limits, logger, store } = this.#connected();
    const isCurrent = (): boolean => this.#starting.get(key) === attempt;
    const ask = (): void => {
      if (!isCurrent()) return;
      store.positions([source]).then(
        ([found]) => {
          if (isCurrent()) this.#read(key, source, found?.offset, committed);
        },
        (cause: unknown) => {
          if (!isCurrent()) return;
          if (attempt.failingSince === undefined) {
            logger.warn({ ...source, err: cause }, 'the store does not say where to start');
          }
          attempt.failingSince ??= clock.now();
          clock.setTimer(ask, limits.maxRetryDelayMs);
        },
      );
    };
    ask();
  }

  #read(
    key: string,
    source: TopicPartition,
    position: number | undefined,
    committed: number | undefined,
  ): void {
    const given = this.#connected();
    this.#starting.delete(key);
    const projector = new PartitionProjector(
      source,
      { position, committed },
      {
        ...given,
        onFenced: (fenced, how) => this.#fenced(key, fenced, how),
      },
    );
    this.#projectors.set(key, projector);
    given.subscription.assign({ ...source, offset: position ?? EARLIEST });
  }

  /**
   * The group may not know yet that it is another's, or it is ours again: the store knows. Who finds
   * that its own commit went through after all need not wait.
   */
  #fenced(
    key: string,
    projector: PartitionProjector<Transaction>,
    { outcomeUnknown }: { readonly outcomeUnknown: boolean },
  ): void {
    const { clock, limits, logger } = this.#connected();
    const { committed, source } = projector;
    this.#drop(key, projector);
    if (outcomeUnknown) {
      logger.info(source, 'the position moved although its commit failed; starting from there');
      this.#start(source, committed);
      return;
    }
    logger.warn(source, 'another member has read on; starting from where it is');
    const attempt: Start = { committed, failingSince: undefined };
    this.#starting.set(key, attempt);
    clock.setTimer(() => {
      if (this.#starting.get(key) === attempt) this.#start(source, committed);
    }, limits.maxRetryDelayMs);
  }

  #drop(key: string, projector: PartitionProjector<Transaction>): void {
    this.#projectors.delete(key);
    projector.close();
    this.#connected().subscription.unassign(projector.source);
  }

  #connected(): Omit<PartitionProjectorDependencies<Transaction>, 'onFenced'> {
    if (this.#given === undefined) throw new Error('not connected to a subscription yet');
    return this.#given;
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
