import type { ReplaySource } from '../connection/replay-source.ts';
import type { FeedFrame } from '../feed/feed-frame.ts';
import type { Positions } from '../feed/positions.ts';
import type { Ring } from './ring.ts';

/** A person's frames in the ring from a cursor on, for a cursor that is not below the ring's start. */
export class RingReplay implements ReplaySource {
  readonly #ring: Ring;
  readonly #userId: string;
  readonly #cursor: number[];
  readonly #alreadyTold: ReadonlySet<string>;
  /** Nothing of this person's is before it, as far as it was not given. */
  #sequence: number;

  /** `alreadyTold` are source events that the client has from elsewhere. */
  constructor(
    ring: Ring,
    userId: string,
    cursor: Positions,
    alreadyTold: ReadonlySet<string> = new Set(),
  ) {
    this.#ring = ring;
    this.#userId = userId;
    this.#cursor = Array.from(cursor);
    this.#alreadyTold = alreadyTold;
    this.#sequence = this.#nextFrom(ring.firstSequence);
  }

  get cursor(): Positions {
    return this.#cursor;
  }

  next(): FeedFrame | 'caught-up' | 'interrupted' {
    if (this.#ring.firstSequence > this.#sequence) return 'interrupted';
    for (;;) {
      const found = this.#ring.next(this.#userId, this.#sequence);
      if (found === undefined) return 'caught-up';
      this.#sequence = this.#nextFrom(found.sequence + 1);
      const { frame } = found;
      if (frame.offset < (this.#cursor[frame.partition] ?? 0)) continue;
      this.#cursor[frame.partition] = frame.offset + 1;
      if (!this.#alreadyTold.has(frame.sourceId)) return frame;
    }
  }

  [Symbol.dispose](): void {}

  /** The next of this person's, or where the next will stand: what goes before that may go. */
  #nextFrom(sequence: number): number {
    return this.#ring.next(this.#userId, sequence)?.sequence ?? this.#ring.nextSequence;
  }
}
