import { describeError } from '../dead-letter/headers.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Assignment, MemberListener } from '../ports/membership.ts';
import type { ConsumerMetrics } from '../ports/metrics.ts';
import type { CommitLoop } from './commit-loop.ts';
import type { ConsumerLimits } from './options.ts';
import type { Dispatch } from './partition-runner.ts';

/** What a session needs of the partitions that it rules over. */
export interface SessionPartitions {
  /** `topic/partition` of each. */
  readonly names: readonly string[];
  /** How much is on its way that a drain waits for. */
  readonly running: number;
  /** Keeps the state of partitions that stay, if nobody else can have owned them; starts the others. */
  replace(assignment: Assignment): void;
  /** Lets go of everything at once. */
  clear(reason: Error): void;
  /** Starts what may start. */
  pump(): void;
}

export interface GroupSessionDependencies {
  readonly partitions: SessionPartitions;
  readonly commits: CommitLoop;
  readonly limits: Pick<ConsumerLimits, 'drainMs' | 'commitTimeoutMs'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ConsumerMetrics;
}

/**
 * What the group's changes do to the partitions: dispatch, drain, commit, let go. Between a revoke
 * and the next assignment nothing is dispatched and nothing committed, but records are kept: if the
 * same partitions come back with no gap in between, they go on where they were.
 */
export class GroupSession implements MemberListener {
  readonly #given: GroupSessionDependencies;
  #state: 'joining' | 'running' | 'draining' | 'stopped' = 'joining';
  #generation: number | undefined;
  #drain: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;
  #stopping = false;

  constructor(given: GroupSessionDependencies) {
    this.#given = given;
  }

  get state(): 'joining' | 'running' | 'draining' | 'stopped' {
    return this.#state;
  }

  get generation(): number | undefined {
    return this.#generation;
  }

  /** What may start now: while a drain waits, only what fills gaps. */
  get dispatch(): Dispatch {
    if (this.#state === 'running') return 'everything';
    return this.#whenIdle === undefined ? 'nothing' : 'gaps';
  }

  revoking(): Promise<void> {
    if (this.#state === 'stopped') return Promise.resolve();
    return this.#drainOnce();
  }

  assigned(assignment: Assignment): void {
    if (this.#stopping) return;
    const { partitions, commits, logger, metrics } = this.#given;
    this.#generation = assignment.generation;
    partitions.replace(assignment);
    metrics.assigned(assignment.partitions, assignment.generation);
    logger.info(
      {
        generation: assignment.generation,
        continuous: assignment.continuous,
        partitions: partitions.names,
      },
      'partitions assigned',
    );
    this.#state = 'running';
    commits.resume();
    partitions.pump();
  }

  lost(cause: Error): void {
    if (this.#state === 'stopped') return;
    this.#state = 'joining';
    // A drain of what is lost by now must not stand in for a drain of what is assigned next.
    this.#drain = undefined;
    this.#letGo(cause);
    this.#given.logger.warn(
      { generation: this.#generation, reason: describeError(cause).code, err: cause },
      'partitions lost; nothing of them is committed',
    );
  }

  /** No handler runs any more. */
  idle(): void {
    if (this.#whenIdle !== undefined && this.#given.partitions.running === 0) this.#whenIdle();
  }

  /** The same as a revoke, for good. */
  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    await this.#drainOnce();
    this.#state = 'stopped';
    this.#letGo(new Error('the consumer stops'));
  }

  #letGo(cause: Error): void {
    const { commits, partitions, metrics } = this.#given;
    commits.suspend();
    partitions.clear(cause);
    metrics.assigned([], this.#generation ?? 0);
    this.#whenIdle?.();
  }

  #drainOnce(): Promise<void> {
    if (this.#drain !== undefined) return this.#drain;
    const drain = this.#drainNow().finally(() => {
      if (this.#drain === drain) this.#drain = undefined;
    });
    this.#drain = drain;
    return drain;
  }

  async #drainNow(): Promise<void> {
    const { commits, limits, logger, partitions } = this.#given;
    this.#state = 'draining';
    if (!(await this.#untilIdle())) {
      logger.warn(
        { running: partitions.running, drainMs: limits.drainMs },
        'handlers still run after the drain time; their records are not committed',
      );
    }
    if (!(await commits.flush(limits.commitTimeoutMs))) {
      logger.warn({}, 'the last commit before letting go failed; records may be handled again');
    }
    if (this.#state === 'draining') commits.suspend();
  }

  /** Resolves with whether all handlers ended within the drain time. */
  async #untilIdle(): Promise<boolean> {
    const { clock, limits, partitions } = this.#given;
    if (partitions.running === 0) return true;
    const settled = Promise.withResolvers<boolean>();
    this.#whenIdle = () => settled.resolve(true);
    const timer = clock.setTimer(() => settled.resolve(false), limits.drainMs);
    partitions.pump();
    try {
      return await settled.promise;
    } finally {
      timer.cancel();
      this.#whenIdle = undefined;
    }
  }
}
