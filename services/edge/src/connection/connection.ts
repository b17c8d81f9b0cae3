import type { SessionEndedData } from '@sori/api';
import type { Clock } from '@sori/stream';
import type { FeedFrame } from '../feed/feed-frame.ts';
import { formatPositions, isAtOrPast, laterOf, type Positions } from '../feed/positions.ts';
import type { EdgeLimits } from '../limits.ts';
import type { EdgeMetrics } from '../metrics.ts';
import {
  COMMENT,
  positionFrame,
  RESET,
  retryLine,
  roomLeftFrame,
  type SharedFrame,
  sessionEndedFrame,
} from './frames.ts';
import { Outbox, type Transport } from './outbox.ts';
import type { ReplaySource } from './replay-source.ts';
import type { WriteTick } from './write-tick.ts';

/** How long a connection that was ended may take to take its last bytes. */
const END_GRACE_MS = 10_000;

/** A connection is silent for at most this long, each for a time of its own between the two. */
const HEARTBEAT_MIN_MS = 15_000;
const HEARTBEAT_MAX_MS = 24_000;

/** Clients come back within this time, spread evenly: an edge's clients must not come all at once. */
const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 5_000;

/** What all connections of an edge share. */
export interface ConnectionContext {
  readonly feed: { readonly positions: Positions; readonly id: string };
  readonly tick: WriteTick;
  readonly clock: Clock;
  readonly limits: EdgeLimits;
  readonly metrics: EdgeMetrics;
  /** From 0 up to 1. */
  readonly random: () => number;
}

export interface ConnectionOptions {
  readonly userId: string;
  readonly sessionId: string | undefined;
  /** When the token ends, milliseconds since the epoch. */
  readonly expiresAt: number;
  /** What kind of device it is; `other` unless given. */
  readonly device?: string | undefined;
  readonly transport: Transport;
}

/**
 * One stream of one person's device. It starts by replaying what the device missed, pulled as fast as
 * the device takes it; what comes meanwhile is in the ring, where the replay will meet it. Then it is
 * live: every frame that the feed takes in is pushed to it.
 */
export class Connection {
  readonly userId: string;
  readonly sessionId: string | undefined;
  readonly device: string;
  readonly #context: ConnectionContext;
  readonly #expiresAt: number;
  readonly #outbox: Outbox;
  readonly #heartbeatMs: number;
  #state: 'waiting' | 'replaying' | 'live' | 'ended' = 'waiting';
  #replay: ReplaySource | undefined;
  /** Where the client is ahead of this edge (it was on another): it has what lies below. */
  #ahead: Positions | undefined;
  #endedAt = 0;

  constructor(context: ConnectionContext, options: ConnectionOptions) {
    const { tick, clock, limits, metrics, random } = context;
    this.#context = context;
    this.userId = options.userId;
    this.sessionId = options.sessionId;
    this.device = options.device ?? 'other';
    this.#expiresAt = options.expiresAt;
    this.#heartbeatMs = HEARTBEAT_MIN_MS + random() * (HEARTBEAT_MAX_MS - HEARTBEAT_MIN_MS);
    this.#outbox = new Outbox({
      transport: options.transport,
      tick,
      softBytes: limits.softBacklogBytes,
      hardBytes: limits.hardBacklogBytes,
      clock,
      onRoom: () => this.#fill(),
      onOverflow: () => this.#closeSlow('backlog'),
      onWritten: (bytes) => metrics.wrote(bytes),
    });
    this.#outbox.push(this.#retry());
  }

  get isOpen(): boolean {
    return this.#state !== 'ended';
  }

  /** Nothing has been said yet of where the stream starts. */
  get isWaiting(): boolean {
    return this.#state === 'waiting';
  }

  /** From now on, live. */
  goLive(): void {
    if (this.#state === 'ended') return;
    this.#endReplay();
    this.#state = 'live';
    this.#outbox.push(positionFrame(this.#id()));
  }

  /** The client's place is lost: it asks elsewhere for what it shows, and goes on live. */
  reset(): void {
    if (this.#state === 'ended') return;
    this.#ahead = undefined;
    this.#outbox.push(RESET);
    this.goLive();
  }

  /** Replays, then goes live. */
  replay(source: ReplaySource): void {
    if (this.#state === 'ended') {
      source[Symbol.dispose]();
      return;
    }
    this.#replay = source;
    this.#state = 'replaying';
    this.#outbox.push(positionFrame(this.#id()));
    this.#fill();
  }

  /** The replay that said `wait` has more. */
  replayable(): void {
    this.#fill();
  }

  /** A frame for this person. What is replaying will find it in the ring. */
  deliver(shared: SharedFrame): void {
    if (this.#state !== 'live') return;
    const { frame } = shared;
    if (this.#ahead === undefined) this.#push(frame, shared.bytesFor(this.userId));
    else if (frame.offset >= (this.#ahead[frame.partition] ?? 0)) this.#pushWithOwnId(frame);
  }

  /** Whether `pushEphemeral` would push. */
  get takesEphemeral(): boolean {
    return this.isOpen && this.#outbox.hasRoom;
  }

  /** Something of the moment, without id: dropped, and false, where too much waits already. */
  pushEphemeral(bytes: Buffer): boolean {
    if (!this.takesEphemeral) return false;
    this.#outbox.push(bytes, true);
    return true;
  }

  /** The other side takes more. */
  drained(): void {
    this.#outbox.drained();
  }

  /** What is due by time: the token's end, a stalled client, a heartbeat. Called every second or so. */
  sweep(now: number): void {
    if (this.#state === 'ended') {
      if (now - this.#endedAt > END_GRACE_MS) this.#outbox.destroy();
    } else if (now >= this.#expiresAt) {
      this.endSession('token-expired');
    } else if (this.#outbox.blockedMs(now) > this.#context.limits.stallMs) {
      this.#closeSlow('stalled');
    } else if (now - this.#outbox.lastWriteAt >= this.#heartbeatMs) {
      this.#outbox.push(this.#heartbeat(), true);
    }
  }

  endSession(reason: SessionEndedData['reason']): void {
    if (this.#state === 'ended') return;
    this.#outbox.push(sessionEndedFrame({ reason }));
    this.#end();
  }

  /** Ends the stream; the client comes back, to this edge or another, and goes on where it was. */
  end(): void {
    if (this.#state === 'ended') return;
    this.#outbox.push(this.#retry());
    this.#end();
  }

  /** The other side is gone. */
  closed(): void {
    this.#stop();
    this.#outbox.discard();
  }

  #stop(): void {
    this.#endReplay();
    this.#state = 'ended';
  }

  #end(): void {
    // A push may have been one too many: then it is over already.
    if (!this.isOpen) return;
    this.#endedAt = this.#context.clock.now();
    this.#stop();
    this.#outbox.end();
  }

  #closeSlow(reason: 'backlog' | 'stalled'): void {
    this.#context.metrics.slowClosed(reason);
    this.#stop();
    this.#outbox.destroy();
  }

  #fill(): void {
    const { replayWindowBytes } = this.#context.limits;
    while (this.#state === 'replaying' && this.#outbox.backlog < replayWindowBytes) {
      const step = this.#replay?.next() ?? 'interrupted';
      if (typeof step === 'object') this.#pushWithOwnId(step);
      else if (step === 'wait') return;
      else this.#leaveReplay(step);
    }
  }

  #leaveReplay(why: 'caught-up' | 'interrupted' | 'gone'): void {
    switch (why) {
      case 'caught-up':
        this.#ahead = this.#replay?.cursor;
        this.goLive();
        break;
      case 'interrupted':
        this.end();
        break;
      case 'gone':
        this.#context.metrics.replayed('reset');
        this.reset();
        break;
      default:
        why satisfies never;
    }
  }

  #pushWithOwnId(frame: FeedFrame): void {
    this.#push(frame, frame.bytes(this.#id(), frame.alerts(this.userId)));
  }

  #push(frame: FeedFrame, bytes: Buffer): void {
    this.#outbox.push(bytes);
    this.#context.metrics.framed();
    const { effect } = frame;
    if (effect?.kind === 'room-left' && effect.userId === this.userId && this.isOpen) {
      this.#outbox.push(roomLeftFrame({ roomId: effect.roomId }));
    }
  }

  #heartbeat(): Buffer {
    return this.#state === 'waiting' ? COMMENT : positionFrame(this.#id());
  }

  /** Everything below is behind the client, once it has read what was pushed. */
  #id(): string {
    if (this.#replay !== undefined) return formatPositions(this.#replay.cursor);
    const { feed } = this.#context;
    if (this.#ahead === undefined) return feed.id;
    if (!isAtOrPast(feed.positions, this.#ahead)) {
      return formatPositions(laterOf(this.#ahead, feed.positions));
    }
    this.#ahead = undefined;
    return feed.id;
  }

  #endReplay(): void {
    this.#replay?.[Symbol.dispose]();
    this.#replay = undefined;
  }

  #retry(): Buffer {
    return retryLine(RETRY_MIN_MS + this.#context.random() * (RETRY_MAX_MS - RETRY_MIN_MS));
  }
}
