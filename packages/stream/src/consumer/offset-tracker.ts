/** A record's place in its partition. Linked through itself, so that tracking allocates nothing. */
export interface TrackedOffset {
  readonly offset: number;
  done: boolean;
  nextInPartition: TrackedOffset | undefined;
}

/**
 * What may be committed of one partition: the first offset that is not done. Offsets are added in
 * rising order (with holes) and completed in any order, each step O(1) amortised.
 */
export class OffsetTracker {
  #head: TrackedOffset | undefined;
  #tail: TrackedOffset | undefined;
  #size = 0;
  #position: number;

  /** `position` is the offset at which reading starts. */
  constructor(position: number) {
    this.#position = position;
  }

  /** The offset after everything that was added or skipped. */
  get position(): number {
    return this.#position;
  }

  /** Everything below is done. Never falls. */
  get committable(): number {
    return this.#head?.offset ?? this.#position;
  }

  /** The first that is not done. */
  get first(): TrackedOffset | undefined {
    return this.#head;
  }

  /** How many offsets lie between the first that is not done and the last added, done or not. */
  get size(): number {
    return this.#size;
  }

  /** Throws RangeError for an offset below the position. */
  add(entry: TrackedOffset): void {
    if (entry.offset < this.#position) {
      throw new RangeError(`offset ${entry.offset} is below the position ${this.#position}`);
    }
    if (this.#tail === undefined) this.#head = entry;
    else this.#tail.nextInPartition = entry;
    this.#tail = entry;
    this.#size += 1;
    this.#position = entry.offset + 1;
  }

  /** Moves the position over offsets that hold no record; a lower one changes nothing. */
  skipTo(position: number): void {
    if (position > this.#position) this.#position = position;
  }

  /** Marks an added entry as done; returns whether `committable` rose. A second time does nothing. */
  complete(entry: TrackedOffset): boolean {
    entry.done = true;
    if (entry !== this.#head) return false;
    let head: TrackedOffset | undefined = entry;
    while (head?.done) {
      const next: TrackedOffset | undefined = head.nextInPartition;
      head.nextInPartition = undefined;
      this.#size -= 1;
      head = next;
    }
    this.#head = head;
    if (head === undefined) this.#tail = undefined;
    return true;
  }
}
