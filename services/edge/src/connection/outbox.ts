import type { Clock } from '@sori/stream';
import type { Flushable, WriteTick } from './write-tick.ts';

/** The way out, as an HTTP response gives it. */
export interface Transport {
  /** Whether more is wanted; if not, `Connection.drained` says when. */
  write(bytes: Buffer): boolean;
  /** What was written and has not left the process. */
  readonly bufferedBytes: number;
  /** Ends the stream after what was written. */
  end(): void;
  /** Cuts it. */
  destroy(): void;
}

export interface OutboxOptions {
  readonly transport: Transport;
  readonly tick: WriteTick;
  readonly softBytes: number;
  readonly hardBytes: number;
  readonly clock: Clock;
  /** Everything has been written, and more is wanted. */
  readonly onRoom: () => void;
  /** More waits than the hard limit allows. */
  readonly onOverflow: () => void;
  readonly onWritten: (bytes: number) => void;
}

/**
 * What waits for one connection: references to bytes that many connections share, until a tick
 * writes them in one go. While the other side takes nothing they stay here.
 */
export class Outbox implements Flushable {
  readonly #options: OutboxOptions;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #scheduled = false;
  /** Since when the other side has taken nothing; undefined while it does. */
  #blockedSince: number | undefined;
  #lastWriteAt: number;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#lastWriteAt = options.clock.now();
  }

  /** Bytes that have not left the process. */
  get backlog(): number {
    return this.#waitingBytes + this.#options.transport.bufferedBytes;
  }

  get lastWriteAt(): number {
    return this.#lastWriteAt;
  }

  /** For how long the other side has taken nothing, in milliseconds. */
  blockedMs(now: number): number {
    return this.#blockedSince === undefined ? 0 : now - this.#blockedSince;
  }

  /** Whether what may be dropped would be taken. */
  get hasRoom(): boolean {
    return this.backlog <= this.#options.softBytes;
  }

  /** What may be dropped is, past the soft limit. */
  push(bytes: Buffer, mayBeDropped = false): void {
    const { hardBytes, tick, onOverflow } = this.#options;
    if (mayBeDropped && !this.hasRoom) return;
    // Without the new bytes: a frame larger than the limit must not be a stream's end for ever.
    if (this.backlog > hardBytes && !this.#makesRoom()) {
      onOverflow();
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#scheduled || this.#blockedSince !== undefined) return;
    this.#scheduled = true;
    tick.schedule(this);
  }

  flush(now: number): void {
    this.#scheduled = false;
    if (this.#waiting.length === 0 || this.#blockedSince !== undefined) return;
    if (this.#write(now)) this.#options.onRoom();
  }

  /** The other side takes more. */
  drained(): void {
    if (this.#blockedSince === undefined) return;
    this.#blockedSince = undefined;
    if (this.#waiting.length === 0) this.#options.onRoom();
    else this.flush(this.#options.clock.now());
  }

  /** Writes what waits, wanted or not, and ends the stream. */
  end(): void {
    if (this.#waiting.length > 0) this.#write(this.#options.clock.now());
    this.#options.transport.end();
  }

  /** Forgets what waits. */
  discard(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /** Forgets what waits and cuts the stream. */
  destroy(): void {
    this.discard();
    this.#options.transport.destroy();
  }

  /** A burst is no slow client: what only waits for the tick goes out before it. */
  #makesRoom(): boolean {
    const { clock, hardBytes } = this.#options;
    if (this.#blockedSince !== undefined || this.#waiting.length === 0) return false;
    this.#write(clock.now());
    return this.backlog <= hardBytes;
  }

  #write(now: number): boolean {
    const { transport, onWritten } = this.#options;
    const [first, ...others] = this.#waiting;
    const bytes = first !== undefined && others.length === 0 ? first : Buffer.concat(this.#waiting);
    this.discard();
    this.#lastWriteAt = now;
    const wanted = transport.write(bytes);
    onWritten(bytes.length);
    if (!wanted) this.#blockedSince = now;
    return wanted;
  }
}
