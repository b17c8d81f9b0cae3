import type { Catalog } from '@sori/contract';
import {
  type BuildPartition,
  beginCopy,
  copyHistory,
  createProjectionStore,
  dropMessages,
  forgetCopy,
  type HistoryBuilds,
  lockActiveBuild,
  lockBuildProgress,
  movePosition,
  type PartitionProgress,
  type Pool,
  projectionOfBuild,
  type Queryable,
  readBuildProgress,
  switchBuild,
  transaction,
} from '@sori/postgres';
import { type LogReader, type ProjectionStore, projectedRecord } from '@sori/stream';
import { applyHistory } from '../apply-history.ts';
import { RebuildFailed } from './errors.ts';
import type { StretchReader } from './stretch-reader.ts';

/** Partitions that are worked on at a time: the service and its readers have the rest of the server. */
const PARTITIONS_AT_A_TIME = 4;

export interface BuildJobOptions {
  readonly builds: HistoryBuilds;
  readonly topic: string;
  readonly catalog: Catalog;
  readonly pool: Pool;
  readonly reader: LogReader;
  readonly stretches: StretchReader;
  /** Messages that one transaction copies or drops. */
  readonly copyRows: number;
  readonly signal: AbortSignal;
  readonly onCopied: (messages: number) => void;
  readonly onApplied: (records: number) => void;
}

/** How far a build is behind the service. */
export interface Distance {
  /** Records between the two; those of partitions that are not read yet included, as far as known. */
  readonly records: number;
  /** Partitions that wait for the service, which is behind the log's beginning. */
  readonly waiting: readonly number[];
  /** Whether every partition is read from the log by now. */
  readonly reading: boolean;
}

/**
 * Brings a build to where the service is. Each partition's rows come from two places: those whose
 * records the log does not hold any more from the active build, all others from the log. Every step is
 * a transaction that says how far it came, so that a job may end anywhere and another goes on.
 */
export class BuildJob {
  readonly #given: BuildJobOptions;
  readonly #store: ProjectionStore<Queryable>;

  constructor(given: BuildJobOptions) {
    this.#given = given;
    this.#store = createProjectionStore(given.pool, projectionOfBuild(given.builds.building));
  }

  /** Brings every partition to where the service is as this begins; says how far it got meanwhile. */
  async advance(): Promise<Distance> {
    const { builds, pool, topic } = this.#given;
    const [earliest, progress] = await Promise.all([
      this.#offsets('earliest'),
      readBuildProgress(pool, topic, builds.building),
    ]);
    await this.#assertWithin(progress);
    const todo = [...progress];
    const waiting: number[] = [];
    const work = async (): Promise<void> => {
      for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
        const beginning = earliest.get(next.partition) ?? 0;
        if (!(await this.#advancePartition(next, beginning))) waiting.push(next.partition);
      }
    };
    // All of them: a transaction of one must not run on after another has failed.
    const ended = await Promise.allSettled(Array.from({ length: PARTITIONS_AT_A_TIME }, work));
    for (const result of ended) if (result.status === 'rejected') throw result.reason;
    const now = await readBuildProgress(pool, topic, builds.building);
    return {
      waiting,
      records: now.reduce((sum, { served, built = 0 }) => sum + served - built, 0),
      reading: now.every(({ built }) => built !== undefined),
    };
  }

  /**
   * Holds the service back, reads what is left and makes the build the active one; false, and the
   * service goes on with the old one, when that is not done by the time that `signal` aborts.
   */
  async switchOver(signal: AbortSignal): Promise<boolean> {
    const { builds, pool, topic } = this.#given;
    return await transaction(pool, async (connection) => {
      const held = await lockBuildProgress(connection, topic, builds.building);
      await Promise.all(
        held.map(async ({ partition, served, built }) => {
          if (built !== undefined) await this.#replay(partition, built, served, signal);
        }),
      );
      await lockActiveBuild(connection);
      const last = await readBuildProgress(connection, topic, builds.building);
      if (last.some(({ served, built }) => served !== built)) return false;
      if (!(await switchBuild(connection, builds))) throw taken();
      return true;
    });
  }

  /** False when the partition has to wait for the service. */
  async #advancePartition(progress: PartitionProgress, beginning: number): Promise<boolean> {
    const { partition, served, built, copy } = progress;
    const { signal } = this.#given;
    if (built !== undefined && built >= beginning) {
      await this.#replay(partition, built, served, signal);
      return true;
    }
    // What the log does not hold any more may still be on its way into the active build.
    if (served < beginning) return false;
    const fresh = built === undefined && copy !== undefined && copy.reflects >= beginning;
    const copied = fresh ? copy.copied : await this.#beginAnew(partition, served);
    const start = await this.#copy(partition, copied, beginning);
    await this.#replay(partition, start, served, signal);
    return true;
  }

  async #beginAnew(partition: number, served: number): Promise<number> {
    const { copyRows, pool, signal } = this.#given;
    const place = this.#place(partition);
    await transaction(pool, (connection) => forgetCopy(connection, place));
    let dropped: number;
    do {
      signal.throwIfAborted();
      dropped = await transaction(pool, (connection) => dropMessages(connection, place, copyRows));
    } while (dropped > 0);
    await beginCopy(pool, place, served);
    return 0;
  }

  /** Copies what lies below the log's beginning; where reading the log begins. */
  async #copy(partition: number, copied: number, beginning: number): Promise<number> {
    const { builds, copyRows, onCopied, pool, signal } = this.#given;
    const place = this.#place(partition);
    const limits = { active: builds.active, below: beginning, limit: copyRows };
    let done = copied;
    while (done < beginning) {
      signal.throwIfAborted();
      const step = await transaction(pool, (connection) =>
        copyHistory(connection, { ...place, ...limits, copied: done }),
      );
      if (step === undefined) throw taken();
      onCopied(step.messages);
      done = step.copied;
    }
    const start = { topic: place.topic, partition, from: undefined, to: done };
    if (!(await movePosition(pool, projectionOfBuild(builds.building), start))) throw taken();
    return done;
  }

  /** Applies the log's records; stops early where the log has lost them, which the next round sees. */
  async #replay(partition: number, from: number, to: number, signal: AbortSignal): Promise<void> {
    const { builds, catalog, onApplied, stretches, topic } = this.#given;
    for await (const part of stretches.read({ topic, partition, from, to }, signal)) {
      const records = part.records.map((record) => projectedRecord(catalog, record));
      const batch = { topic, partition, from: part.from, to: part.to, records };
      const moved = await this.#store.apply(batch, async (connection) => {
        await applyHistory(connection, builds.building, batch);
      });
      if (!moved) throw taken();
      onApplied(records.length);
    }
  }

  /** Throws where a position is one that cannot be: waiting for its records would never end. */
  async #assertWithin(progress: readonly PartitionProgress[]): Promise<void> {
    const latest = await this.#offsets('latest');
    for (const { partition, served, built = 0 } of progress) {
      if (served <= (latest.get(partition) ?? 0) && built <= served) continue;
      throw new RebuildFailed(
        'HISTORY_LOG_CHANGED',
        `partition ${partition}: the log was cut or made anew since the history read it`,
      );
    }
  }

  async #offsets(at: 'earliest' | 'latest'): Promise<ReadonlyMap<number, number>> {
    const { reader, topic } = this.#given;
    const offsets = await reader.listOffsets([topic], at);
    return new Map(offsets.map(({ partition, offset }) => [partition, offset]));
  }

  #place(partition: number): BuildPartition {
    const { builds, topic } = this.#given;
    return { build: builds.building, topic, partition };
  }
}

function taken(): RebuildFailed {
  return new RebuildFailed('HISTORY_REBUILD_RUNNING', 'another rebuild has taken the build over');
}
