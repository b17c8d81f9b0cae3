import type { Clock, Logger } from '@sori/stream';

/** How many lists are read at a time: an edge that starts must not take the database for itself. */
const READS_AT_ONCE = 4;

/** After a failed read nobody's list is read for so long, in milliseconds. */
const RETRY_MS = 5_000;

export interface FriendListsOptions {
  /** Ids of a person's friends. */
  readonly friendsOf: (userId: string) => Promise<readonly string[]>;
  /** A person's list is here, or is here anew. */
  readonly onRead: (userId: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Entry {
  /** Undefined until they were read. */
  friends: readonly string[] | undefined;
  /** The number of the latest wish to read it: a read for an earlier one is not taken. */
  wish: number;
}

const NOBODY: ReadonlySet<string> = new Set();

/**
 * The friends of the people who are connected here, read when they come and when a friendship began
 * or ended. While the database is away there is no list, and so nothing to tell.
 */
export class FriendLists {
  readonly #options: FriendListsOptions;
  readonly #entries = new Map<string, Entry>();
  /** For each person, those connected here who are friends of theirs. */
  readonly #followers = new Map<string, Set<string>>();
  readonly #wanted = new Set<string>();
  #reading = 0;
  #pausedUntil = 0;
  #isAway = false;

  constructor(options: FriendListsOptions) {
    this.#options = options;
  }

  of(userId: string): readonly string[] | undefined {
    return this.#entries.get(userId)?.friends;
  }

  followersOf(userId: string): ReadonlySet<string> {
    return this.#followers.get(userId) ?? NOBODY;
  }

  keep(userId: string): void {
    if (this.#entries.has(userId)) return;
    this.#entries.set(userId, { friends: undefined, wish: 0 });
    this.#want(userId);
  }

  /** Reads it again. Until that is done there is none: an ended friendship shows no more. */
  refresh(userId: string): void {
    const entry = this.#entries.get(userId);
    if (entry === undefined) return;
    this.#put(userId, entry, undefined);
    entry.wish += 1;
    this.#want(userId);
  }

  refreshAll(): void {
    for (const userId of this.#entries.keys()) this.refresh(userId);
  }

  forget(userId: string): void {
    const entry = this.#entries.get(userId);
    if (entry === undefined) return;
    this.#put(userId, entry, undefined);
    this.#entries.delete(userId);
    this.#wanted.delete(userId);
  }

  /** Goes on with what waits. Called every second or so. */
  read(): void {
    const now = this.#options.clock.now();
    for (const userId of this.#wanted) {
      if (this.#reading >= READS_AT_ONCE || now < this.#pausedUntil) return;
      this.#wanted.delete(userId);
      void this.#read(userId);
    }
  }

  #want(userId: string): void {
    this.#wanted.add(userId);
    this.read();
  }

  async #read(userId: string): Promise<void> {
    const entry = this.#entries.get(userId);
    if (entry === undefined) return;
    const { wish } = entry;
    const { friendsOf, onRead, clock, logger } = this.#options;
    this.#reading += 1;
    try {
      const friends = await friendsOf(userId);
      this.#isAway = false;
      if (this.#entries.get(userId) === entry && entry.wish === wish) {
        this.#put(userId, entry, friends);
        onRead(userId);
      }
    } catch (err) {
      // Tolerated: presence is not shown meanwhile, and streams go on.
      if (!this.#isAway) logger.warn({ err }, 'friends cannot be read now: presence is not shown');
      this.#isAway = true;
      this.#pausedUntil = clock.now() + RETRY_MS;
      if (this.#entries.has(userId)) this.#wanted.add(userId);
    } finally {
      this.#reading -= 1;
      this.read();
    }
  }

  #put(userId: string, entry: Entry, friends: readonly string[] | undefined): void {
    for (const friend of entry.friends ?? []) {
      const followers = this.#followers.get(friend);
      followers?.delete(userId);
      if (followers?.size === 0) this.#followers.delete(friend);
    }
    entry.friends = friends;
    for (const friend of friends ?? []) {
      const followers = this.#followers.get(friend);
      if (followers === undefined) this.#followers.set(friend, new Set([userId]));
      else followers.add(userId);
    }
  }
}
