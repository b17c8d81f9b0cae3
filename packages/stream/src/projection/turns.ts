/** Something that may be waiting for its turn. */
export interface Waiting {
  /** Takes a turn, if it still has use for one. */
  pump(): void;
}

/** Lets so many run at a time; the others get their turns in the order in which they asked. */
export class Turns {
  readonly #waiting = new Set<Waiting>();
  #free: number;

  constructor(atATime: number) {
    this.#free = atATime;
  }

  /** Whether `who` may run now. If not, it is pumped when its turn comes. */
  take(who: Waiting): boolean {
    if (this.#free === 0) {
      this.#waiting.add(who);
      return false;
    }
    this.#waiting.delete(who);
    this.#free -= 1;
    return true;
  }

  giveBack(): void {
    this.#free += 1;
    // Some may have no use for it any more; who finds none free keeps its place.
    for (const who of [...this.#waiting]) {
      if (this.#free === 0) return;
      this.#waiting.delete(who);
      who.pump();
    }
  }
}
