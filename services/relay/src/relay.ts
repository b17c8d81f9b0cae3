import { createPool } from '@sori/postgres';
import { type Clock, type Logger, systemClock } from '@sori/stream';
import { watchBacklog } from './backlog-watch.ts';
import { campaign } from './campaign.ts';
import { DEFAULT_RELAY_LIMITS, type RelayLimits } from './limits.ts';
import type { RelayMetrics } from './metrics.ts';
import { pause, unlessAborted } from './pause.ts';
import { TermPublisher, type TermPublisherOptions } from './term-publisher.ts';
import { codeOf } from './verdict.ts';

export interface RelayOptions {
  /** Straight to the server: a pooler that shares sessions would share the relay's lock. */
  readonly databaseUrl: string;
  /** What to publish with: each term has a publisher of its own. The log stays the caller's. */
  readonly publishing: Omit<TermPublisherOptions, 'clock' | 'logger'>;
  /** Topics whose events go through the outbox: opened before this relay asks for the lock. */
  readonly topics: readonly string[];
  readonly logger: Logger;
  readonly metrics: RelayMetrics;
  readonly clock?: Clock | undefined;
  readonly limits?: Partial<RelayLimits> | undefined;
}

/**
 * `cold` has no open way to the log yet, `away` no session in the database; `standby` waits for the
 * relay that has the lock, `active` has it and publishes.
 */
export type RelayState = 'cold' | 'away' | 'standby' | 'active';

/**
 * A relay of the outbox. Any number may run; one publishes. Disposing it finishes the records that
 * are on their way, for a bounded time, ends what is left of them, and lets go of the lock.
 */
export interface Relay extends AsyncDisposable {
  readonly state: RelayState;
  /** Why it can neither publish nor take over now; undefined when it can. For readiness. */
  problem(): string | undefined;
}

/** Starts a relay. It gets itself ready, and ready again after every outage, until it is disposed. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { databaseUrl, logger, metrics, publishing, topics } = options;
  const clock = options.clock ?? systemClock;
  const limits: RelayLimits = { ...DEFAULT_RELAY_LIMITS, ...options.limits };
  const stopping = new AbortController();
  const stop = stopping.signal;
  let state: RelayState = 'cold';
  let reason = 'starting';

  function become(next: RelayState): void {
    if (next === state) return;
    state = next;
    metrics.active(next === 'active');
    logger.info({ state }, 'the relay changed its state');
  }

  function failed(as: RelayState, err: unknown): void {
    const code = codeOf(err);
    if (as !== state || code !== reason) {
      logger.warn({ err, state: as }, 'the relay cannot work and tries again');
    }
    reason = code;
    become(as);
  }

  /** Runs `step` until it resolves, the publisher is closed, or the relay is stopped. */
  async function persist(
    publisher: TermPublisher,
    step: () => Promise<void>,
    onFailure: (err: unknown) => void,
  ): Promise<void> {
    while (!stop.aborted && !publisher.closed) {
      try {
        await step();
        return;
      } catch (err) {
        onFailure(err);
      }
      await pause(clock, limits.campaignMs, stop);
    }
  }

  /** Gets a publisher ready, before the lock is asked for, and serves one term with it. */
  async function serve(): Promise<void> {
    await using publisher = new TermPublisher({ ...publishing, clock, logger });
    await persist(
      publisher,
      () => unlessAborted(publisher.warmUp(topics), stop),
      (err) => failed('cold', err),
    );
    if (stop.aborted) return;
    become('away');
    await persist(
      publisher,
      () => campaign({ ...options, publisher, clock, limits, stop, became: become }),
      (err) => failed('away', err),
    );
  }

  async function work(): Promise<void> {
    while (!stop.aborted) await serve();
  }

  const pool = createPool({ url: databaseUrl, applicationName: 'relay', logger, max: 1 });
  const working = Promise.all([
    work(),
    watchBacklog({ db: pool, metrics, logger, clock, everyMs: limits.measureEveryMs, stop }),
  ]);

  async function close(): Promise<void> {
    stopping.abort();
    await working;
    metrics.active(false);
    await pool[Symbol.asyncDispose]();
  }

  let closing: Promise<void> | undefined;
  return {
    get state() {
      return state;
    },
    problem() {
      if (state === 'standby' || state === 'active') return undefined;
      return `${state === 'cold' ? 'no way to the log' : 'no session in the database'} (${reason})`;
    },
    [Symbol.asyncDispose]() {
      closing ??= close();
      return closing;
    },
  };
}
