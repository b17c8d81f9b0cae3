import { isDeadLetterTopicName } from '@sori/contract';
import type { LogSink, RecordBatch } from '../ports/log-reader.ts';
import type { Logger } from '../ports/logger.ts';
import type { Assignment } from '../ports/membership.ts';
import type { ConsumerMetrics } from '../ports/metrics.ts';
import type { TopicPartition } from '../ports/record.ts';
import type { SessionPartitions } from './group-session.ts';
import { PartitionRunner, type PartitionRunnerDependencies } from './partition-runner.ts';

/** Where a group without a committed offset starts: what the log still has, from its beginning. */
const EARLIEST = 0;

/** The runners of the partitions that this member has now. Takes what the subscription reads. */
export class AssignedPartitions implements LogSink, SessionPartitions {
  readonly #runners = new Map<string, PartitionRunner>();
  /** Partitions that start without a committed offset: their first records may begin anywhere. */
  readonly #uncommittedStarts = new Set<PartitionRunner>();
  readonly #failing = new Map<string, number>();
  readonly #now: () => number;
  readonly #logger: Logger;
  readonly #metrics: ConsumerMetrics;
  #dependencies: PartitionRunnerDependencies | undefined;
  #nextTurn = 0;
  #lastRecordsAt: number | undefined;

  constructor(given: {
    readonly now: () => number;
    readonly logger: Logger;
    readonly metrics: ConsumerMetrics;
  }) {
    this.#now = given.now;
    this.#logger = given.logger;
    this.#metrics = given.metrics;
  }

  /** The subscription needs this sink, and the runners need the subscription: they come second. */
  connect(dependencies: PartitionRunnerDependencies): void {
    this.#dependencies = dependencies;
  }

  get runners(): ReadonlyMap<string, PartitionRunner> {
    return this.#runners;
  }

  get names(): readonly string[] {
    return [...this.#runners.keys()];
  }

  get lastRecordsAt(): number | undefined {
    return this.#lastRecordsAt;
  }

  /** Since when some partition cannot be read; undefined while all can. */
  get failingSince(): number | undefined {
    return this.#failing.size === 0 ? undefined : Math.min(...this.#failing.values());
  }

  get oldestUndoneAt(): number | undefined {
    let oldest: number | undefined;
    for (const { oldestUndoneAt } of this.#runners.values()) {
      if (oldestUndoneAt !== undefined) oldest = Math.min(oldest ?? oldestUndoneAt, oldestUndoneAt);
    }
    return oldest;
  }

  /** How many handlers, or dead letters, are on their way in partitions that are still ours. */
  get running(): number {
    let running = 0;
    for (const runner of this.#runners.values()) running += runner.running;
    return running;
  }

  /** Lets partitions start what may start, beginning with another one each time. */
  pump(): void {
    const runners = [...this.#runners.values()];
    const first = runners.length === 0 ? 0 : this.#nextTurn++ % runners.length;
    for (const runner of [...runners.slice(first), ...runners.slice(0, first)]) runner.pump();
  }

  /** Keeps the state of partitions that stay, if nobody else can have owned them; starts the others. */
  replace(assignment: Assignment): void {
    const { subscription } = this.#connected();
    const assigned = new Set(assignment.partitions.map(keyOf));
    for (const [key, runner] of this.#runners) {
      if (assignment.continuous && assigned.has(key)) continue;
      this.#drop(key, runner, new Error("the partition may have been another member's"));
      // Those that stay are assigned anew below: the pause of the old runner must not outlive it.
      subscription.unassign(runner.source);
    }
    for (const partition of assignment.partitions) {
      if (this.#runners.has(keyOf(partition))) continue;
      const { committed } = partition;
      const runner = this.#start(partition, committed ?? EARLIEST, committed);
      if (committed === undefined) this.#uncommittedStarts.add(runner);
      subscription.assign({ ...runner.source, offset: runner.position });
    }
  }

  /** Lets go of everything at once. */
  clear(reason: Error): void {
    const { subscription } = this.#connected();
    for (const [key, runner] of this.#runners) {
      this.#drop(key, runner, reason);
      subscription.unassign(runner.source);
    }
  }

  records(batch: RecordBatch): void {
    const runner = this.#runners.get(keyOf(batch));
    if (runner === undefined) return;
    this.#lastRecordsAt = this.#now();
    this.#uncommittedStarts.delete(runner);
    runner.accept(batch);
  }

  outOfRange(event: {
    readonly partition: TopicPartition;
    readonly position: number;
    readonly resumeAt: number;
  }): void {
    const { partition, position, resumeAt } = event;
    const key = keyOf(partition);
    const runner = this.#runners.get(key);
    if (runner === undefined) return;
    if (this.#uncommittedStarts.delete(runner)) {
      runner.skipTo(resumeAt);
      return;
    }
    const fields = { ...runner.source, position, resumeAt };
    this.#logger.error(fields, 'position out of range: records were lost before they were read');
    if (resumeAt >= runner.position) {
      this.#metrics.skippedByRetention(runner.source, resumeAt - runner.position);
      runner.skipTo(resumeAt);
      return;
    }
    // The log ends below what was read (an unclean election, a topic made anew): offsets mean other
    // records from here on, and lower ones must be committed again.
    this.#drop(key, runner, new Error('the log was truncated'));
    this.#start(partition, resumeAt, undefined);
    this.#connected().subscription.resume(runner.source);
  }

  failing(event: { readonly partitions: readonly TopicPartition[]; readonly cause: Error }): void {
    const now = this.#now();
    for (const partition of event.partitions) {
      const key = keyOf(partition);
      if (this.#runners.has(key)) this.#failing.set(key, now);
    }
    this.#logger.warn(
      { partitions: event.partitions.map(keyOf), err: event.cause },
      'reading fails; it is tried again',
    );
  }

  recovered(event: { readonly partitions: readonly TopicPartition[] }): void {
    for (const partition of event.partitions) this.#failing.delete(keyOf(partition));
    this.#logger.info({ partitions: event.partitions.map(keyOf) }, 'reading goes on');
  }

  #start(source: TopicPartition, position: number, committed: number | undefined): PartitionRunner {
    const isDeadLetterTopic = isDeadLetterTopicName(source.topic);
    const start = { source, position, committed, isDeadLetterTopic };
    const runner = new PartitionRunner(start, this.#connected());
    this.#runners.set(keyOf(source), runner);
    return runner;
  }

  #drop(key: string, runner: PartitionRunner, reason: Error): void {
    this.#runners.delete(key);
    this.#uncommittedStarts.delete(runner);
    this.#failing.delete(key);
    runner.close(reason);
  }

  #connected(): PartitionRunnerDependencies {
    if (this.#dependencies === undefined) throw new Error('not connected to a subscription yet');
    return this.#dependencies;
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
