import type { Clock } from '@sori/stream';
import type { Connection, ConnectionContext } from '../connection/connection.ts';
import { SharedFrame } from '../connection/frames.ts';
import type { SessionEnd } from '../feed/effect.ts';
import type { Audience } from '../feed/feed.ts';
import type { FeedFrame } from '../feed/feed-frame.ts';
import type { RefusalReason } from '../metrics.ts';
import { EndedSessions } from './ended-sessions.ts';

/** How often some connections are ended while the edge stops, in milliseconds. */
const DRAIN_STEP_MS = 100;

/** Hears who comes and goes. */
export interface Attendance {
  came(connection: Connection): void;
  /** It is not among the person's connections any more. */
  left(connection: Connection): void;
}

const NONE: readonly Connection[] = [];

/** All connections of an edge, by the person they belong to. */
export class Hub implements Omit<Audience, 'friendsChanged'> {
  readonly #context: ConnectionContext;
  readonly #attendance: Attendance | undefined;
  readonly #byUser = new Map<string, readonly Connection[]>();
  readonly #all = new Set<Connection>();
  readonly #ended = new EndedSessions();
  #draining = false;

  constructor(context: ConnectionContext, attendance?: Attendance) {
    this.#context = context;
    this.#attendance = attendance;
  }

  get connections(): number {
    return this.#all.size;
  }

  get users(): number {
    return this.#byUser.size;
  }

  /** A person's connections. */
  of(userId: string): readonly Connection[] {
    return this.#byUser.get(userId) ?? NONE;
  }

  /** Whether the person's stream is over for good. */
  hasEnded(userId: string, sessionId: string | undefined): boolean {
    return this.#ended.has(userId, sessionId);
  }

  /** Why one more connection of the person is not taken now; undefined if it is. */
  refusalOf(userId: string): RefusalReason | undefined {
    const { connections, connectionsPerUser } = this.#context.limits;
    if (this.#draining) return 'draining';
    if (this.#all.size >= connections) return 'connections';
    const own = this.#byUser.get(userId)?.length ?? 0;
    return own >= connectionsPerUser ? 'connections-per-user' : undefined;
  }

  add(connection: Connection): void {
    this.#all.add(connection);
    // Lists are replaced, not changed: one may be gone through right now.
    this.#byUser.set(connection.userId, [...this.of(connection.userId), connection]);
    this.#attendance?.came(connection);
  }

  remove(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    const others = this.of(connection.userId).filter((other) => other !== connection);
    if (others.length > 0) this.#byUser.set(connection.userId, others);
    else this.#byUser.delete(connection.userId);
    this.#attendance?.left(connection);
  }

  deliver(frame: FeedFrame, recipients: readonly string[], id: () => string): void {
    let shared: SharedFrame | undefined;
    for (const userId of recipients) {
      const connections = this.#byUser.get(userId);
      if (connections === undefined) continue;
      shared ??= new SharedFrame(frame, id());
      for (const connection of connections) connection.deliver(shared);
    }
    if (shared !== undefined) this.#context.tick.carries(frame.occurredAt);
  }

  sessionEnded(end: SessionEnd): void {
    this.#ended.add(end);
    for (const connection of this.of(end.userId)) {
      if (end.sessionId === undefined || end.sessionId === connection.sessionId) {
        connection.endSession(end.reason);
      }
    }
  }

  gap(): void {
    for (const connection of this.#all) {
      connection.reset();
      this.#context.metrics.replayed('reset');
    }
  }

  /**
   * Takes no more connections and ends those that are there, some at a time, so that they do not come
   * to the other edges all at once. Resolves when the last was told.
   */
  async drain(): Promise<void> {
    this.#draining = true;
    const { clock, limits } = this.#context;
    const rate = Math.max(limits.drainPerSecond, this.#all.size / (limits.drainMs / 1_000));
    const atOnce = Math.ceil((rate * DRAIN_STEP_MS) / 1_000);
    const open = Array.from(this.#all);
    for (let from = 0; from < open.length; from += atOnce) {
      for (const connection of open.slice(from, from + atOnce)) connection.end();
      if (from + atOnce < open.length) await after(DRAIN_STEP_MS, clock);
    }
  }

  /** Does what is due by time. Called every second or so. */
  sweep(): void {
    const now = this.#context.clock.now();
    for (const connection of this.#all) connection.sweep(now);
  }
}

function after(ms: number, clock: Clock): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.setTimer(resolve, ms);
  return promise;
}
