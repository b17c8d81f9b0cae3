import { presenceChanged, presenceHeartbeat } from '@sori/chat-events';
import { decodeEvent, UndecodableRecord } from '@sori/contract';
import {
  type Clock,
  type Logger,
  type LogReader,
  type LogRecord,
  type LogSubscription,
  type RecordBatch,
  systemClock,
  type Timer,
} from '@sori/stream';
import { GRACE_MS, HEARTBEAT_MS, LEASE_MS } from './limits.ts';
import { type PersonPresence, Presence, type PresenceTransition } from './presence.ts';

/** How often leases are looked at, and opening the topic is tried, in milliseconds. */
const ROUND_MS = 1_000;

/** How often the topic is asked whether it has grown, in milliseconds. */
const GROWTH_CHECK_MS = 30_000;

export interface FollowPresenceOptions {
  readonly topic: string;
  /** Stays the caller's. */
  readonly reader: LogReader;
  /** The longest lease that edges give: reading starts this far back. LEASE_MS unless given. */
  readonly leaseMs?: number | undefined;
  /** GRACE_MS unless given. */
  readonly graceMs?: number | undefined;
  /** How often edges renew leases. HEARTBEAT_MS unless given. */
  readonly heartbeatMs?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly logger: Logger;
  /** Who changed. Not called while the past is being read, see `onCaughtUp`. Returns at once. */
  readonly onTransitions?: ((transitions: readonly PresenceTransition[]) => void) | undefined;
  /** What was the end of the topic at the start is behind: from here on the answers are right. */
  readonly onCaughtUp?: (() => void) | undefined;
}

/** Who is online, kept up to date from the log. */
export interface PresenceFollower extends AsyncDisposable {
  /** Whether the topic has been read up to what was its end; before, too many seem offline. */
  readonly isCaughtUp: boolean;
  /** How many people are not offline. */
  readonly present: number;
  /** Records that are no presence, since the start. */
  readonly undecodable: number;
  of(userId: string): PersonPresence;
}

/**
 * Reads every partition of user.online_status from now minus a lease, without a group. It never
 * rejects: a log that is away is tried again each second, and meanwhile nobody is declared offline,
 * because the edges cannot renew their leases either.
 */
export function followPresence(options: FollowPresenceOptions): PresenceFollower {
  return new Follower(options);
}

class Follower implements PresenceFollower {
  readonly #options: FollowPresenceOptions;
  readonly #clock: Clock;
  readonly #presence: Presence;
  readonly #subscription: LogSubscription;
  readonly #failing = new Set<number>();
  /** Partitions with what was their end at the start; undefined before that is known. */
  #left: Map<number, number> | undefined;
  #partitions = 0;
  #isCaughtUp = false;
  #isAsking = false;
  #askAgainAt = 0;
  #isUnknown = false;
  #failingSince = 0;
  /** Nobody's lease is ended before. */
  #holdUntil = 0;
  #undecodable = 0;
  #timer: Timer | undefined;
  #disposed = false;

  constructor(options: FollowPresenceOptions) {
    const { reader, logger, graceMs = GRACE_MS } = options;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#presence = new Presence({ graceMs });
    this.#subscription = reader.open({
      sink: {
        records: (batch) => this.#take(batch),
        outOfRange: ({ partition: { partition }, position, resumeAt }) => {
          // Beyond the end: what was the end is no more.
          this.#reached(partition, position > resumeAt ? Number.POSITIVE_INFINITY : resumeAt);
        },
        failing: ({ partitions, cause }) => {
          if (this.#failing.size === 0) this.#failingSince = this.#clock.now();
          for (const { partition } of partitions) this.#failing.add(partition);
          logger.warn({ err: cause, partitions }, 'presence cannot be read now');
        },
        recovered: ({ partitions }) => {
          for (const { partition } of partitions) this.#failing.delete(partition);
          if (this.#failing.size === 0) this.#recovered();
          logger.info({ partitions }, 'presence is read again');
        },
      },
    });
    this.#round();
  }

  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  get present(): number {
    return this.#presence.present;
  }

  get undecodable(): number {
    return this.#undecodable;
  }

  of(userId: string): PersonPresence {
    return this.#presence.of(userId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#timer?.cancel();
    await this.#subscription[Symbol.asyncDispose]();
  }

  #round(): void {
    if (this.#disposed) return;
    this.#timer = this.#clock.setTimer(() => this.#round(), ROUND_MS);
    const now = this.#clock.now();
    if (this.#failing.size === 0 && now >= this.#holdUntil) this.#tell(this.#presence.expire(now));
    if (!this.#isAsking && now >= this.#askAgainAt) void this.#ask();
  }

  /** Opens the topic; afterwards looks for new partitions. */
  async #ask(): Promise<void> {
    this.#isAsking = true;
    try {
      if (this.#left === undefined) await this.#open();
      else await this.#grow();
      this.#askAgainAt = this.#clock.now() + GROWTH_CHECK_MS;
      this.#isUnknown = false;
    } catch (err) {
      // Tolerated: tried again with the next round; until then nobody is said to be anything.
      if (this.#disposed || this.#isUnknown) return;
      this.#isUnknown = true;
      this.#options.logger.warn({ err }, 'the topic of presence cannot be looked up now');
    } finally {
      this.#isAsking = false;
    }
  }

  async #open(): Promise<void> {
    const { topic, reader, leaseMs = LEASE_MS } = this.#options;
    const since = { timestamp: this.#clock.now() - leaseMs };
    const [starts, ends] = await Promise.all([
      reader.listOffsets([topic], since),
      reader.listOffsets([topic], 'latest'),
    ]);
    if (this.#disposed) return;
    this.#partitions = starts.length;
    this.#left = new Map(ends.map(({ partition, offset }) => [partition, offset]));
    for (const start of starts) this.#subscription.assign(start);
    for (const { partition, offset } of starts) this.#reached(partition, offset);
  }

  async #grow(): Promise<void> {
    const { topic, reader } = this.#options;
    const partitions = await reader.partitionCount(topic);
    if (this.#disposed) return;
    for (let partition = this.#partitions; partition < partitions; partition++) {
      this.#subscription.assign({ topic, partition, offset: 0 });
    }
    this.#partitions = Math.max(this.#partitions, partitions);
  }

  #take({ partition, records, nextOffset }: RecordBatch): void {
    const now = this.#clock.now();
    this.#tell(records.flatMap((record) => this.#apply(record, now)));
    this.#reached(partition, nextOffset);
  }

  #apply(record: LogRecord, now: number): readonly PresenceTransition[] {
    try {
      return this.#presence.apply(decodeEvent(record, findEvent), record.timestamp, now);
    } catch (error) {
      if (!(error instanceof UndecodableRecord)) throw error;
      this.#undecodable += 1;
      return [];
    }
  }

  #reached(partition: number, offset: number): void {
    if (this.#isCaughtUp || this.#left === undefined) return;
    const end = this.#left.get(partition);
    if (end !== undefined && offset >= end) this.#left.delete(partition);
    if (this.#left.size > 0) return;
    this.#isCaughtUp = true;
    this.#options.onCaughtUp?.();
  }

  /**
   * Edges renew what ran out while the log was away within a heartbeat; twice that is plenty. After an
   * outage so short that nothing can have run out, nobody waits.
   */
  #recovered(): void {
    const { heartbeatMs = HEARTBEAT_MS, leaseMs = LEASE_MS } = this.#options;
    const now = this.#clock.now();
    const renewMs = 2 * heartbeatMs;
    if (now - this.#failingSince > leaseMs - renewMs) this.#holdUntil = now + renewMs;
  }

  #tell(transitions: readonly PresenceTransition[]): void {
    if (this.#isCaughtUp && transitions.length > 0) this.#options.onTransitions?.(transitions);
  }
}

function findEvent(type: string): typeof presenceChanged | typeof presenceHeartbeat | undefined {
  if (type === presenceChanged.type) return presenceChanged;
  return type === presenceHeartbeat.type ? presenceHeartbeat : undefined;
}
