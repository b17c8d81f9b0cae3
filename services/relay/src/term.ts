import {
  deletePublished,
  markPublished,
  type OutboxRow,
  parkRow,
  readWaiting,
  type Session,
} from '@sori/postgres';
import type { Clock, Logger } from '@sori/stream';
import type { Bell } from './bell.ts';
import { type LaneContext, type LaneListener, runLane } from './lane.ts';
import type { RelayLimits } from './limits.ts';
import type { RelayMetrics } from './metrics.ts';
import { type OpenLane, OpenLanes } from './open-lanes.ts';
import type { TermPublisher } from './term-publisher.ts';
import { createTurnstile } from './turnstile.ts';
import { codeOf } from './verdict.ts';

/** Of tries that failed and will be made again, one is logged in this time, in milliseconds. */
const FAILURE_LOG_INTERVAL_MS = 10_000;

/** The most that is kept of why a row was parked, in characters. */
const REASON_MAX_LENGTH = 500;

export interface TermOptions {
  /** The session that holds the relay's lock. Every statement of the term runs on it. */
  readonly session: Session;
  /** This term's alone: closed when the term ends. */
  readonly publisher: TermPublisher;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: RelayMetrics;
  readonly limits: RelayLimits;
  /** Rung when rows were added to the outbox, and by the term itself for what its lanes did. */
  readonly bell: Bell;
  /** Aborts when the relay is to stop: it reads no more, and finishes what is on its way. */
  readonly stop: AbortSignal;
}

/**
 * The time in which this relay holds the lock: it reads what waits, runs the lanes, marks what the
 * log has acknowledged, and deletes what is old.
 *
 * Rows of a key are read only while no earlier row of it is on its way, or acknowledged and not yet
 * marked. So at most one record of a key is with the publisher at any moment, and it is the first
 * that the database calls waiting: a successor begins with it again, and overtakes nothing.
 *
 * Nor may this term overtake its successor. So the publisher is closed, without a flush, before the
 * lock can be given back, and at once when the lock is lost.
 */
export class Term {
  readonly #options: TermOptions;
  readonly #lanes: OpenLanes;
  readonly #context: LaneContext;
  readonly #runs = new Set<Promise<void>>();
  readonly #ending = new AbortController();
  #published: OutboxRow[] = [];
  #parked: { readonly row: OutboxRow; readonly reason: string }[] = [];
  #nextCleaningAt = 0;
  #nextFailureLogAt = 0;

  constructor(options: TermOptions) {
    this.#options = options;
    this.#lanes = new OpenLanes(options.limits.lanesPerTopic);
    const { publisher, clock, limits, session, stop } = options;
    this.#context = {
      publisher,
      clock,
      limits,
      listener: this.#listener(),
      oneAtATime: createTurnstile(),
      ending: AbortSignal.any([stop, session.lost, this.#ending.signal]),
    };
  }

  /**
   * Resolves after a stop; rejects with DependencyUnavailable when the session is lost. Either way
   * nothing of this term is under way to the log any longer: the lock may be given back.
   */
  async run(): Promise<void> {
    const { bell, limits, publisher, session, stop } = this.#options;
    this.#context.ending.addEventListener('abort', () => bell.ring());
    session.lost.addEventListener('abort', () => void publisher[Symbol.asyncDispose]());
    publisher.begin(() => session.isAlive());
    try {
      let pauseMs = limits.pollMinMs;
      while (!stop.aborted) {
        await this.#save();
        const more = await this.#read();
        await this.#clean();
        if (more) continue;
        const rung = await bell.wait(pauseMs);
        pauseMs = rung ? limits.pollMinMs : Math.min(limits.pollMaxMs, pauseMs * 2);
      }
      await this.#settle();
      await publisher[Symbol.asyncDispose]();
      await this.#save();
    } finally {
      this.#ending.abort();
      await publisher[Symbol.asyncDispose]();
      await Promise.all(this.#runs);
    }
  }

  /** Reads what waits and starts its lanes. Resolves with whether there may be more. */
  async #read(): Promise<boolean> {
    const { limits, session } = this.#options;
    const maxBytes = limits.heldBytes - this.#lanes.heldBytes;
    if (maxBytes <= 0) {
      await session.query('SELECT 1'); // nothing to ask, but the lease is to be renewed
      return false;
    }
    const rows = await readWaiting(session, {
      maxRows: limits.readRows,
      maxBytes,
      exceptLanes: this.#lanes.names,
      exceptTopics: this.#lanes.fullTopics,
    });
    const opened = this.#lanes.open(rows);
    for (const lane of opened) this.#start(lane);
    return opened.length > 0 && rows.length === limits.readRows;
  }

  #start(lane: OpenLane): void {
    const run = runLane(lane.rows, this.#context).then(() => {
      this.#runs.delete(run);
      this.#lanes.ended(lane);
      this.#options.bell.ring();
    });
    this.#runs.add(run);
  }

  #listener(): LaneListener {
    const { bell, metrics, session } = this.#options;
    return {
      mayPublish: () => session.isAlive() && !this.#context.ending.aborted,
      published: (row) => {
        metrics.published(row.topic);
        this.#lanes.settled(row);
        this.#published.push(row);
        bell.ring();
      },
      failed: (row, error) => this.#failed(row, error),
      parked: (row, error) => {
        this.#park(row, error);
        this.#lanes.settled(row);
        bell.ring();
      },
    };
  }

  #failed({ topic, eventId }: OutboxRow, err: unknown): void {
    const { clock, logger, metrics } = this.#options;
    metrics.failed(topic, codeOf(err));
    if (clock.now() < this.#nextFailureLogAt) return;
    this.#nextFailureLogAt = clock.now() + FAILURE_LOG_INTERVAL_MS;
    logger.warn({ err, topic, eventId }, 'an outbox row could not be published and is tried again');
  }

  #park(row: OutboxRow, err: unknown): void {
    const { logger, metrics } = this.#options;
    const { id, topic, eventId } = row;
    metrics.failed(topic, codeOf(err));
    metrics.parked(topic);
    logger.error({ err, id, topic, eventId }, 'an outbox row cannot be published and was parked');
    const message = err instanceof Error ? err.message : String(err);
    this.#parked.push({ row, reason: `${codeOf(err)}: ${message}`.slice(0, REASON_MAX_LENGTH) });
  }

  /** Tells the database what became of rows, and closes lanes that are done. */
  async #save(): Promise<void> {
    const { session } = this.#options;
    const published = this.#published;
    const parked = this.#parked;
    this.#published = [];
    this.#parked = [];
    if (published.length > 0) {
      await markPublished(
        session,
        published.map(({ id }) => id),
      );
      for (const row of published) this.#lanes.saved(row);
    }
    for (const { row, reason } of parked) {
      await parkRow(session, row.id, reason);
      this.#lanes.saved(row);
    }
  }

  async #clean(): Promise<void> {
    const { clock, limits, session } = this.#options;
    if (clock.now() < this.#nextCleaningAt) return;
    const deleted = await deletePublished(session, {
      keep: limits.publishedRowsKept,
      limit: limits.deleteRows,
    });
    if (deleted < limits.deleteRows) this.#nextCleaningAt = clock.now() + limits.deleteEveryMs;
  }

  /** Waits, for `drainMs` at most, until no record of this term is with the publisher. */
  async #settle(): Promise<void> {
    const { clock, limits } = this.#options;
    const { promise: expired, resolve: expire } = Promise.withResolvers<void>();
    using _timer = clock.setTimer(expire, limits.drainMs);
    await Promise.race([Promise.all(this.#runs), expired]);
  }
}
