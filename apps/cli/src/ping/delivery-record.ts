/**
 * What became of a room's messages: which were acknowledged, at which offset, and which arrived, in
 * which order. Pure bookkeeping, in the caller's clock (milliseconds).
 */
export class DeliveryRecord {
  readonly #acknowledged = new Map<string, Acknowledged>();
  readonly #arrivals = new Map<string, number[]>();
  readonly #order: string[] = [];

  acknowledged(messageId: string, message: Acknowledged): void {
    this.#acknowledged.set(messageId, message);
  }

  arrived(messageId: string, at: number): void {
    const arrivals = this.#arrivals.get(messageId);
    if (arrivals !== undefined) {
      arrivals.push(at);
      return;
    }
    this.#arrivals.set(messageId, [at]);
    this.#order.push(messageId);
  }

  /** How many acknowledged messages have not arrived. */
  get missing(): number {
    let missing = 0;
    for (const id of this.#acknowledged.keys()) if (!this.#arrivals.has(id)) missing += 1;
    return missing;
  }

  /** Arrivals beyond the first of each message. */
  get duplicated(): number {
    let duplicated = 0;
    for (const arrivals of this.#arrivals.values()) duplicated += arrivals.length - 1;
    return duplicated;
  }

  /**
   * Messages that arrived after one with a later offset. A room is on one partition, so offsets are
   * its order, whatever order the answers to concurrent requests came in.
   */
  get reordered(): number {
    let highest = -1;
    let reordered = 0;
    for (const id of this.#order) {
      const offset = this.#acknowledged.get(id)?.offset;
      if (offset === undefined) continue;
      if (offset < highest) reordered += 1;
      else highest = offset;
    }
    return reordered;
  }

  /** From the start of each send to its first arrival. */
  latencies(): readonly number[] {
    return [...this.#acknowledged].flatMap(([id, { sentAt }]) => {
      const first = this.#arrivals.get(id)?.[0];
      return first === undefined ? [] : [first - sentAt];
    });
  }
}

export interface Acknowledged {
  readonly sentAt: number;
  readonly offset: number;
}
