import { UndecodableRecord } from '@sori/contract';
import type { LogRecord, RecordBatch } from '@sori/stream';
import type { Ring } from '../ring/ring.ts';
import type { SessionEnd } from './effect.ts';
import { decodeFrame, type FeedFrame } from './feed-frame.ts';
import { formatPositions, type Positions } from './positions.ts';

/** Who the feed is for. Called while a batch is taken in: its functions return at once. */
export interface Audience {
  /** A frame for recipients who had it not before; `id` is the feed's position with it. */
  deliver(frame: FeedFrame, recipients: readonly string[], id: () => string): void;
  /** A session, or all of a person's, is over. */
  sessionEnded(end: SessionEnd): void;
  /** Two became friends, or are no more. */
  friendsChanged(userIds: readonly string[]): void;
  /** Records were lost, or the topic is another: nobody's place in the feed holds any more. */
  gap(): void;
}

export interface FeedOptions {
  readonly ring: Ring;
  readonly audience: Audience;
  readonly onUndecodable: (record: LogRecord, error: UndecodableRecord) => void;
}

/** Where this edge stands in the log: takes records in, in its own order, for the ring and the audience. */
export class Feed {
  readonly #options: FeedOptions;
  #positions: number[] = [];
  #id: string | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** For each partition the offset of the next record. Changes as the feed goes on. */
  get positions(): Positions {
    return this.#positions;
  }

  /** The positions as a frame's `id:`. */
  get id(): string {
    this.#id ??= formatPositions(this.#positions);
    return this.#id;
  }

  /** Where reading starts. */
  start(positions: Positions): void {
    this.#positions = Array.from(positions);
    this.#id = undefined;
    this.#options.ring.restart(positions);
  }

  /** The topic has more partitions now; each new one is read from its start. */
  grow(partitions: number): void {
    for (let partition = this.#positions.length; partition < partitions; partition++) {
      this.#move(partition, 0);
    }
    this.#options.ring.grow(partitions);
  }

  accept(batch: RecordBatch): void {
    for (const record of batch.records) this.#take(record);
    this.#move(batch.partition, batch.nextOffset);
  }

  /** What lies between a partition's position and `resumeAt` is not to be had. */
  gap(partition: number, resumeAt: number): void {
    this.#move(partition, resumeAt);
    this.#options.ring.restart(this.#positions);
    this.#options.audience.gap();
  }

  #take(record: LogRecord): void {
    this.#move(record.partition, record.offset + 1);
    const { ring, audience, onUndecodable } = this.#options;
    try {
      const { frame, recipients } = decodeFrame(record);
      const fresh = ring.append(frame, recipients);
      audience.deliver(frame, fresh, () => this.id);
      const { effect } = frame;
      if (effect?.kind === 'session-ended') audience.sessionEnded(effect);
      else if (effect?.kind === 'friends-changed') audience.friendsChanged(effect.userIds);
    } catch (error) {
      if (!(error instanceof UndecodableRecord)) throw error;
      onUndecodable(record, error);
    }
  }

  #move(partition: number, offset: number): void {
    this.#positions[partition] = offset;
    this.#id = undefined;
  }
}
