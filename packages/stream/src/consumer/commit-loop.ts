import type { Clock, Timer } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { TopicPartition, TopicPartitionOffset } from '../ports/record.ts';

/** A partition as the commit loop sees it. */
export interface CommittablePartition {
  readonly source: TopicPartition;
  /** Everything below may be committed; never falls. */
  readonly committable: number;
  /** What is known to be committed; undefined where nothing is. */
  readonly committed: number | undefined;
  markCommitted(offset: number): void;
}

export interface CommitLoopDependencies {
  readonly intervalMs: number;
  readonly everyRecords: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly commit: (offsets: readonly TopicPartitionOffset[]) => Promise<void>;
  readonly partitions: () => Iterable<CommittablePartition>;
}

/**
 * Commits what is done: one commit at a time, every `intervalMs` while something is new, or after
 * `everyRecords`. A commit that fails is made again at the next interval: offsets only rise, so a
 * later one says all that it would have said.
 */
export class CommitLoop implements Disposable {
  readonly #given: CommitLoopDependencies;
  #progressSinceCommit = 0;
  #inFlight: Promise<boolean> | undefined;
  #timer: Timer | undefined;
  #suspended = false;
  #failing = false;

  constructor(given: CommitLoopDependencies) {
    this.#given = given;
  }

  /** A partition has something new to commit. Called for every record: only counts. */
  progressed(): void {
    this.#progressSinceCommit += 1;
    if (this.#suspended || this.#inFlight !== undefined) return;
    if (this.#progressSinceCommit >= this.#given.everyRecords) void this.#commit();
    else this.#arm();
  }

  /** No commits of its own until `resume`: the group is between generations. */
  suspend(): void {
    this.#suspended = true;
    this.#disarm();
  }

  resume(): void {
    this.#suspended = false;
    if (this.#progressSinceCommit > 0) this.#arm();
  }

  /** Commits all that is done now, after what is in flight; resolves with whether that succeeded. */
  async flush(timeoutMs: number): Promise<boolean> {
    this.#disarm();
    const timedOut = Promise.withResolvers<boolean>();
    const timer = this.#given.clock.setTimer(() => timedOut.resolve(false), timeoutMs);
    try {
      return await Promise.race([this.#commitRest(), timedOut.promise]);
    } finally {
      timer.cancel();
    }
  }

  [Symbol.dispose](): void {
    this.suspend();
  }

  async #commitRest(): Promise<boolean> {
    // Another may have begun by the time one ends, with less than is done now.
    while (this.#inFlight !== undefined) await this.#inFlight;
    return await this.#commit();
  }

  #commit(): Promise<boolean> {
    this.#inFlight ??= this.#commitOnce().finally(() => {
      this.#inFlight = undefined;
      if (this.#progressSinceCommit > 0 && !this.#suspended) this.#arm();
    });
    return this.#inFlight;
  }

  async #commitOnce(): Promise<boolean> {
    this.#disarm();
    const progress = this.#progressSinceCommit;
    this.#progressSinceCommit = 0;
    const snapshot = this.#snapshot();
    if (snapshot.length === 0) return true;
    try {
      await this.#given.commit(
        snapshot.map(({ partition, offset }) => ({ ...partition.source, offset })),
      );
    } catch (cause) {
      this.#progressSinceCommit += progress;
      if (!this.#failing)
        this.#given.logger.warn({ err: cause }, 'commit failed; it is tried again');
      this.#failing = true;
      return false;
    }
    for (const { partition, offset } of snapshot) partition.markCommitted(offset);
    if (this.#failing) this.#given.logger.info({}, 'commits succeed again');
    this.#failing = false;
    return true;
  }

  #snapshot(): readonly { readonly partition: CommittablePartition; readonly offset: number }[] {
    const snapshot = [];
    for (const partition of this.#given.partitions()) {
      const offset = partition.committable;
      if (offset > (partition.committed ?? -1)) snapshot.push({ partition, offset });
    }
    return snapshot;
  }

  #arm(): void {
    this.#timer ??= this.#given.clock.setTimer(() => {
      this.#timer = undefined;
      void this.#commit();
    }, this.#given.intervalMs);
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
