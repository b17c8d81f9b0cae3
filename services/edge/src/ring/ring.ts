import type { Clock } from '@sori/stream';
import type { FeedFrame } from '../feed/feed-frame.ts';
import type { Positions } from '../feed/positions.ts';
import { Fifo } from './fifo.ts';
import { Trail } from './trail.ts';

/** One recipient of one frame: its place in the frame's list and in the person's trail. */
const BYTES_PER_RECIPIENT = 16;
/** A person who is in the ring at all: the trail, its list, the id, the index's entry. */
const BYTES_PER_USER = 300;
/** A frame in the ring, beside the frame: its entry, and its place in the index by source. */
const BYTES_PER_ENTRY = 200;

export interface RingOptions {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly clock: Clock;
}

interface Entry {
  readonly frame: FeedFrame;
  readonly trails: readonly Trail[];
}

/**
 * The latest frames of the feed in the order in which this edge read them, for resumes and for
 * knowing a redelivery. Bounded in bytes and in age; the oldest go first. Entries are numbered by a
 * sequence of the ring's own, and indexed by recipient: a resume costs what its person gets, not what
 * the ring holds.
 */
export class Ring {
  readonly #options: RingOptions;
  readonly #entries = new Fifo<Entry>();
  readonly #trails = new Map<string, Trail>();
  readonly #bySource = new Map<string, Entry[]>();
  #starts: number[] = [];
  #firstSequence = 0;
  #bytes = 0;

  constructor(options: RingOptions) {
    this.#options = options;
  }

  /** For each partition: everything from there to the edge's position is here. */
  get starts(): Positions {
    return this.#starts;
  }

  /** The sequence number of the oldest entry, or of the next one if there is none. */
  get firstSequence(): number {
    return this.#firstSequence;
  }

  /** The sequence number that the next entry will have. */
  get nextSequence(): number {
    return this.#firstSequence + this.#entries.length;
  }

  get records(): number {
    return this.#entries.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How old the oldest record is, in milliseconds; 0 if there is none. */
  get ageMs(): number {
    const oldest = this.#entries.at(0);
    return oldest === undefined
      ? 0
      : Math.max(0, this.#options.clock.now() - oldest.frame.timestamp);
  }

  /** Forgets everything: from now on the ring holds what follows `starts`. */
  restart(starts: Positions): void {
    while (this.#evict()) {}
    this.#starts = Array.from(starts);
  }

  /** The topic has that many partitions now; all of each new one is going to be here. */
  grow(partitions: number): void {
    while (this.#starts.length < partitions) this.#starts.push(0);
  }

  /**
   * Adds a frame. Gives back who of the recipients had not got its source event before: a redelivery
   * is known as long as the ring holds the first.
   */
  append(frame: FeedFrame, recipients: readonly string[]): readonly string[] {
    const before = this.#bySource.get(frame.sourceId);
    const fresh = before === undefined ? recipients : this.#withoutCopies(before, recipients);
    if (fresh.length > 0) this.#add({ frame, trails: fresh.map((id) => this.#trailOf(id)) });
    this.expire();
    return fresh;
  }

  /** Drops what is too old, or too much. */
  expire(): void {
    const { maxBytes, maxAgeMs } = this.#options;
    while ((this.#bytes > maxBytes || this.ageMs > maxAgeMs) && this.#evict()) {}
  }

  /** A person's first frame at or after a sequence number, and its number. */
  next(
    userId: string,
    from: number,
  ): { readonly sequence: number; readonly frame: FeedFrame } | undefined {
    const sequence = this.#trails.get(userId)?.nextFrom(from);
    if (sequence === undefined) return undefined;
    const entry = this.#entries.at(sequence - this.#firstSequence);
    return entry && { sequence, frame: entry.frame };
  }

  #withoutCopies(before: readonly Entry[], recipients: readonly string[]): readonly string[] {
    const had = new Set(before.flatMap((entry) => entry.trails));
    return recipients.filter((id) => {
      const trail = this.#trails.get(id);
      return trail === undefined || !had.has(trail);
    });
  }

  #trailOf(userId: string): Trail {
    const found = this.#trails.get(userId);
    if (found !== undefined) return found;
    const trail = new Trail(userId);
    this.#trails.set(userId, trail);
    this.#bytes += BYTES_PER_USER;
    return trail;
  }

  #add(entry: Entry): void {
    const sequence = this.nextSequence;
    this.#entries.push(entry);
    for (const trail of entry.trails) trail.add(sequence);
    const { sourceId } = entry.frame;
    const others = this.#bySource.get(sourceId);
    if (others === undefined) this.#bySource.set(sourceId, [entry]);
    else others.push(entry);
    this.#bytes += bytesOf(entry);
  }

  #evict(): boolean {
    const entry = this.#entries.shift();
    if (entry === undefined) return false;
    this.#firstSequence++;
    this.#bytes -= bytesOf(entry);
    const { partition, offset, sourceId } = entry.frame;
    this.#starts[partition] = offset + 1;
    for (const trail of entry.trails) {
      trail.removeOldest();
      if (!trail.isEmpty) continue;
      this.#trails.delete(trail.userId);
      this.#bytes -= BYTES_PER_USER;
    }
    const others = this.#bySource.get(sourceId)?.filter((other) => other !== entry) ?? [];
    if (others.length > 0) this.#bySource.set(sourceId, others);
    else this.#bySource.delete(sourceId);
    return true;
  }
}

function bytesOf({ frame, trails }: Entry): number {
  return frame.size + BYTES_PER_ENTRY + trails.length * BYTES_PER_RECIPIENT;
}
