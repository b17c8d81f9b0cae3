import { Fifo } from './fifo.ts';

/** Where in the ring a person's frames stand: rising sequence numbers. */
export class Trail {
  readonly userId: string;
  readonly #sequences = new Fifo<number>();

  constructor(userId: string) {
    this.userId = userId;
  }

  get isEmpty(): boolean {
    return this.#sequences.length === 0;
  }

  add(sequence: number): void {
    this.#sequences.push(sequence);
  }

  removeOldest(): void {
    this.#sequences.shift();
  }

  /** The first at or after `sequence`. */
  nextFrom(sequence: number): number | undefined {
    let low = 0;
    let high = this.#sequences.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sequences.at(middle) ?? 0) < sequence) low = middle + 1;
      else high = middle;
    }
    return this.#sequences.at(low);
  }
}
