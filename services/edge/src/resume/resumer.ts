import { LogError, type Logger, type LogReader } from '@sori/stream';
import type { Connection } from '../connection/connection.ts';
import type { Feed } from '../feed/feed.ts';
import { distance, isAtOrPast, laterOf, type Positions } from '../feed/positions.ts';
import type { EdgeLimits } from '../limits.ts';
import type { EdgeMetrics } from '../metrics.ts';
import type { Ring } from '../ring/ring.ts';
import { RingReplay } from '../ring/ring-replay.ts';
import { parseCursor } from './cursor.ts';
import { LogReplay } from './log-replay.ts';

export interface ResumerOptions {
  readonly topic: string;
  readonly log: LogReader;
  readonly feed: Feed;
  readonly ring: Ring;
  /** Looks for partitions that the edge does not read yet. */
  readonly checkGrowth: () => Promise<void>;
  readonly limits: EdgeLimits;
  readonly metrics: EdgeMetrics;
  readonly logger: Logger;
}

/** Starts streams where their clients left off, or says that it cannot. */
export class Resumer {
  readonly #options: ResumerOptions;
  #logReplays = 0;
  #ends: Promise<Positions> | undefined;

  constructor(options: ResumerOptions) {
    this.#options = options;
  }

  /** Starts a stream: at a cursor, or now where there is none. */
  start(connection: Connection, cursorText: string | undefined): void {
    if (cursorText === undefined) {
      connection.goLive();
      return;
    }
    const cursor = parseCursor(cursorText);
    if (cursor === undefined) this.#reset(connection, 'not a cursor');
    else if (isAtOrPast(this.#options.feed.positions, cursor)) this.#resume(connection, cursor);
    else void this.#startAhead(connection, cursor);
  }

  /**
   * The client was on an edge that is ahead of this one, or the cursor is none of this log. Only the
   * log knows.
   */
  async #startAhead(connection: Connection, cursor: Positions): Promise<void> {
    try {
      const isKnown = isAtOrPast(await this.#logEnds(), cursor);
      if (isKnown && cursor.length > this.#options.feed.positions.length) {
        await this.#options.checkGrowth();
      }
      if (!connection.isWaiting) return;
      if (isKnown) this.#resume(connection, cursor);
      else this.#reset(connection, 'beyond the end');
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      // Not known now: the client asks again.
      connection.end();
    }
  }

  #resume(connection: Connection, given: Positions): void {
    const { ring, feed, limits, metrics } = this.#options;
    const cursor = laterOf(
      given,
      feed.positions.map(() => 0),
    );
    if (isAtOrPast(cursor, ring.starts)) {
      metrics.replayed('ring');
      connection.replay(new RingReplay(ring, connection.userId, cursor));
    } else if (distance(cursor, ring.starts) > limits.logReplayRecords) {
      this.#reset(connection, 'too far back');
    } else if (this.#logReplays >= limits.logReplays) {
      this.#reset(connection, 'too many read the log');
    } else {
      metrics.replayed('log');
      this.#replayLog(connection, cursor);
    }
  }

  #replayLog(connection: Connection, cursor: Positions): void {
    const { log, topic, ring, limits } = this.#options;
    this.#logReplays++;
    const replay = new LogReplay({
      log,
      topic,
      ring,
      userId: connection.userId,
      cursor,
      maxRecords: limits.logReplayRecords,
      onMore: () => connection.replayable(),
      onDone: () => {
        this.#logReplays--;
      },
    });
    connection.replay(replay);
  }

  #reset(connection: Connection, reason: string): void {
    this.#options.metrics.replayed('reset');
    this.#options.logger.debug({ reason, userId: connection.userId }, 'a stream starts anew');
    connection.reset();
  }

  /** Where the log ends. Asked once for all who wait for it. */
  #logEnds(): Promise<Positions> {
    const { log, topic } = this.#options;
    this.#ends ??= log
      .listOffsets([topic], 'latest')
      .then((offsets) => {
        const ends: number[] = [];
        for (const { partition, offset } of offsets) ends[partition] = offset;
        return ends;
      })
      .finally(() => {
        this.#ends = undefined;
      });
    return this.#ends;
  }
}
