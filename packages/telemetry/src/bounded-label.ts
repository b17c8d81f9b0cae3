/** How many different values a label takes that is not bounded by the catalog. */
export const LABEL_VALUES_MAX = 100;

/** What stands for every value beyond. */
const OTHER = 'other';

/** Lets the first values through and counts all others as one: a label must not grow without end. */
export class BoundedLabel {
  readonly #seen = new Set<string>();

  bound(value: string): string {
    if (this.#seen.has(value)) return value;
    if (this.#seen.size >= LABEL_VALUES_MAX) return OTHER;
    this.#seen.add(value);
    return value;
  }
}
