import { laneOf, type OutboxRow } from '@sori/postgres';

/** A lane whose rows are being published. */
export interface OpenLane {
  readonly name: string;
  readonly topic: string;
  readonly rows: readonly OutboxRow[];
  /** Size of the rows' values. */
  readonly bytes: number;
}

interface Entry extends OpenLane {
  running: boolean;
  /** Rows with an outcome that the database has not been told yet. */
  unsaved: number;
}

/**
 * Which lanes are open. A lane closes when its run is over and the database knows every outcome of
 * it: only then may rows of it be read again.
 */
export class OpenLanes {
  readonly #lanesPerTopic: number;
  readonly #entries = new Map<string, Entry>();
  readonly #countByTopic = new Map<string, number>();
  #heldBytes = 0;

  constructor(lanesPerTopic: number) {
    this.#lanesPerTopic = lanesPerTopic;
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Topics that have all the lanes they may have. */
  get fullTopics(): readonly string[] {
    return [...this.#countByTopic.keys()].filter((topic) => this.#isFull(topic));
  }

  /** Opens the lanes of what was read, except for those of topics that are full. */
  open(rows: readonly OutboxRow[]): readonly OpenLane[] {
    const opened: Entry[] = [];
    for (const [name, laneRows] of Map.groupBy(rows, laneOf)) {
      const topic = laneRows[0]?.topic;
      if (topic === undefined || this.#isFull(topic)) continue;
      const bytes = laneRows.reduce((sum, { value }) => sum + value.length, 0);
      const entry: Entry = { name, topic, rows: laneRows, bytes, running: true, unsaved: 0 };
      this.#entries.set(name, entry);
      this.#countByTopic.set(topic, this.#count(topic) + 1);
      this.#heldBytes += bytes;
      opened.push(entry);
    }
    return opened;
  }

  /** A row of the lane has an outcome. */
  settled(row: OutboxRow): void {
    this.#entry(row).unsaved += 1;
  }

  /** The database knows the row's outcome. */
  saved(row: OutboxRow): void {
    const entry = this.#entry(row);
    entry.unsaved -= 1;
    this.#closeIfDone(entry);
  }

  /** The lane's run is over, whether it reached its last row or not. */
  ended({ name }: OpenLane): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new Error('a lane ended that is not open');
    entry.running = false;
    this.#closeIfDone(entry);
  }

  #closeIfDone(entry: Entry): void {
    if (entry.running || entry.unsaved > 0) return;
    this.#entries.delete(entry.name);
    this.#countByTopic.set(entry.topic, this.#count(entry.topic) - 1);
    this.#heldBytes -= entry.bytes;
  }

  #entry(row: OutboxRow): Entry {
    const entry = this.#entries.get(laneOf(row));
    if (entry === undefined) throw new Error('a row settled whose lane is not open');
    return entry;
  }

  #count(topic: string): number {
    return this.#countByTopic.get(topic) ?? 0;
  }

  #isFull(topic: string): boolean {
    return this.#count(topic) >= this.#lanesPerTopic;
  }
}
