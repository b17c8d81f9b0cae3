import { partitionForKey, type TopicDefinition } from '@sori/contract';
import type { Lane } from './lane.ts';

/**
 * The lanes of one topic, made at their first use. The number of partitions is the catalog's, so
 * that every publisher puts a key in the same place whatever it last heard from a broker.
 */
export class TopicLanes {
  readonly topic: TopicDefinition;
  readonly #open: (partition: number) => Lane;
  readonly #lanes: (Lane | undefined)[];
  #sticky = 0;

  constructor(topic: TopicDefinition, open: (partition: number) => Lane) {
    this.topic = topic;
    this.#open = open;
    this.#lanes = new Array(topic.partitions).fill(undefined);
  }

  all(): readonly Lane[] {
    return this.#lanes.map((_lane, partition) => this.at(partition));
  }

  has(partition: number): boolean {
    return Number.isInteger(partition) && partition >= 0 && partition < this.topic.partitions;
  }

  at(partition: number): Lane {
    const lane = this.#lanes[partition] ?? this.#open(partition);
    this.#lanes[partition] = lane;
    return lane;
  }

  forKey(key: Buffer | null): Lane {
    return this.at(key === null ? this.#keyless() : partitionForKey(key, this.topic.partitions));
  }

  /**
   * Batch by batch, round robin: a lane is filled until it sends, then the next that is free has its
   * turn; so a lane whose leader is away holds at most one batch of keyless records.
   */
  #keyless(): number {
    const { partitions } = this.topic;
    if (!this.at(this.#sticky).busy) return this.#sticky;
    for (let step = 1; step < partitions; step++) {
      const candidate = (this.#sticky + step) % partitions;
      if (this.at(candidate).busy) continue;
      this.#sticky = candidate;
      return candidate;
    }
    if (this.at(this.#sticky).hasFullBatch) this.#sticky = (this.#sticky + 1) % partitions;
    return this.#sticky;
  }
}
