import type {
  Clock,
  Logger,
  LogReader,
  LogSink,
  LogSubscription,
  RecordBatch,
  Timer,
  TopicPartitionOffset,
} from '@sori/stream';
import type { Feed } from './feed.ts';
import { isAtOrPast, type Positions } from './positions.ts';

/** How often the topic is asked whether it has grown, in milliseconds. */
const GROWTH_CHECK_MS = 10_000;

export interface FeedReaderOptions {
  readonly topic: string;
  readonly log: LogReader;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How far back reading starts at most, in time and in records of all partitions together. */
  readonly warmUpMs: number;
  readonly warmUpRecords: number;
}

/** Reads every partition of the topic into the feed, without a group. */
export class FeedReader implements AsyncDisposable {
  readonly #options: FeedReaderOptions;
  readonly #subscription: LogSubscription;
  readonly #caughtUp = Promise.withResolvers<void>();
  readonly #failing = new Set<number>();
  readonly #lag = new Map<number, number>();
  #ends: Positions | undefined;
  #growthCheck: Timer | undefined;
  #disposed = false;

  constructor(options: FeedReaderOptions) {
    this.#options = options;
    const sink: LogSink = {
      records: (batch) => this.#records(batch),
      outOfRange: ({ partition: { partition }, position, resumeAt }) => {
        const fields = { partition, position, resumeAt };
        options.logger.error(fields, 'records of the feed are gone: every stream starts anew');
        options.feed.gap(partition, resumeAt);
        this.#checkCaughtUp();
      },
      failing: ({ partitions, cause }) => {
        for (const { partition } of partitions) this.#failing.add(partition);
        options.logger.warn({ err: cause, partitions }, 'the feed cannot be read now');
      },
      recovered: ({ partitions }) => {
        for (const { partition } of partitions) this.#failing.delete(partition);
        options.logger.info({ partitions }, 'the feed is read again');
      },
    };
    this.#subscription = options.log.open({ sink });
  }

  /** Partitions that cannot be read now. */
  get failing(): ReadonlySet<number> {
    return this.#failing;
  }

  /** How many records lie between the position and the end, by partition, as the broker last said. */
  get lag(): ReadonlyMap<number, number> {
    return this.#lag;
  }

  /** Starts far enough back, and resolves once what was the end at the start is behind. Rejects with LogError. */
  async start(): Promise<void> {
    const { topic, feed } = this.#options;
    const { starts, ends } = await this.#range();
    feed.start(starts);
    for (const [partition, offset] of starts.entries()) {
      this.#subscription.assign({ topic, partition, offset });
    }
    this.#ends = ends;
    this.#checkCaughtUp();
    await this.#caughtUp.promise;
    this.#scheduleGrowthCheck();
  }

  /** Looks for new partitions now. Rejects with LogError. */
  async checkGrowth(): Promise<void> {
    const { topic, log, feed } = this.#options;
    const before = feed.positions.length;
    const partitions = await log.partitionCount(topic);
    if (this.#disposed) return;
    // Another check may have been quicker.
    const from = Math.max(before, feed.positions.length);
    feed.grow(partitions);
    for (let partition = from; partition < partitions; partition++) {
      this.#subscription.assign({ topic, partition, offset: 0 });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#growthCheck?.cancel();
    await this.#subscription[Symbol.asyncDispose]();
  }

  async #range(): Promise<{ readonly starts: Positions; readonly ends: Positions }> {
    const { topic, log, clock, warmUpMs, warmUpRecords } = this.#options;
    const [latest, recent] = await Promise.all([
      log.listOffsets([topic], 'latest'),
      log.listOffsets([topic], { timestamp: clock.now() - warmUpMs }),
    ]);
    const ends = toPositions(latest);
    const records = Math.floor(warmUpRecords / ends.length);
    const starts = toPositions(recent).map((offset, partition) => {
      const end = ends[partition] ?? offset;
      return Math.max(Math.min(offset, end), end - records);
    });
    return { starts, ends };
  }

  #records(batch: RecordBatch): void {
    this.#options.feed.accept(batch);
    this.#lag.set(batch.partition, batch.endOffset - batch.nextOffset);
    this.#checkCaughtUp();
  }

  #checkCaughtUp(): void {
    if (this.#ends === undefined || !isAtOrPast(this.#options.feed.positions, this.#ends)) return;
    this.#ends = undefined;
    this.#caughtUp.resolve();
  }

  #scheduleGrowthCheck(): void {
    if (this.#disposed) return;
    this.#growthCheck = this.#options.clock.setTimer(() => {
      this.checkGrowth()
        // Tolerated: an outage is told by reading itself, and the next check makes up for this one.
        .catch((err: unknown) => {
          this.#options.logger.warn({ err }, 'the feed could not be checked for new partitions');
        })
        .finally(() => this.#scheduleGrowthCheck());
    }, GROWTH_CHECK_MS);
  }
}

function toPositions(offsets: readonly TopicPartitionOffset[]): Positions {
  const positions: number[] = Array.from({ length: offsets.length }, () => 0);
  for (const { partition, offset } of offsets) positions[partition] = offset;
  return positions;
}
