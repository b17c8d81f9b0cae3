import type { SessionPartitions } from '../consumer/group-session.ts';
import type { LogSink, RecordBatch } from '../ports/log-reader.ts';
import type { Assignment } from '../ports/membership.ts';
import type { TopicPartition } from '../ports/record.ts';
import { PartitionProjector, type PartitionProjectorDependencies } from './partition-projector.ts';

/** Where a partition that was never read starts: what the log still has, from its beginning. */
const EARLIEST = 0;

/** The projectors of the partitions that this member has now. Takes what the subscription reads. */
export class ProjectedPartitions<Transaction> implements LogSink, SessionPartitions {
  readonly #projectors = new Map<string, PartitionProjector<Transaction>>();
  /** Assigned, and waiting for the store to say where they start. */
  readonly #starting = new Map<string, { readonly committed: number | undefined }>();
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
    const times = this.projectors.flatMap(({ failingSince }) => failingSince ?? []);
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
    if (projector.position !== undefined) {
      const { logger, metrics } = this.#connected();
      const fields = { ...projector.source, position: event.position, resumeAt: event.resumeAt };
      logger.error(fields, 'position out of range: records were lost before they were read');
      const lost = Math.max(0, event.resumeAt - event.position);
      metrics.skippedByRetention(projector.source, lost);
    }
    projector.skipTo(event.resumeAt);
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
    const attempt = { committed };
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
          logger.warn({ ...source, err: cause }, 'the store does not say where to start');
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
        onFenced: (fenced) => this.#fenced(key, fenced),
      },
    );
    this.#projectors.set(key, projector);
    given.subscription.assign({ ...source, offset: position ?? EARLIEST });
  }

  /** The group may not know yet that it is another's, or it is ours again: the store knows. */
  #fenced(key: string, projector: PartitionProjector<Transaction>): void {
    const { clock, limits, logger } = this.#connected();
    logger.warn(projector.source, 'another member has read on; starting from where it is');
    this.#drop(key, projector);
    const attempt = { committed: projector.committed };
    this.#starting.set(key, attempt);
    clock.setTimer(() => {
      if (this.#starting.get(key) === attempt) this.#start(projector.source, projector.committed);
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
