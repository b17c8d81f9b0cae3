import { readRecordTimes } from '@sori/kafka';
import type { Clock, LogReader, TopicPartitionOffset } from '@sori/stream';
import type { MonitorLimits } from './limits.ts';

/** The first record that a group has not done, as far as offsets say. */
export interface Position extends TopicPartitionOffset {
  /** Of the topic: a topic made anew has other records under the same offsets. */
  readonly topicId: string;
}

export interface RecordTimesOptions {
  readonly reader: LogReader;
  readonly clock: Clock;
  readonly limits: Pick<MonitorLimits, 'readMs' | 'readRecords'>;
}

/**
 * When records were written, by their positions. A record's timestamp never changes, so each is read
 * once, and remembered for as long as somebody asks for it.
 */
export class RecordTimes {
  readonly #options: RecordTimesOptions;
  #known: ReadonlyMap<string, number> = new Map();

  constructor(options: RecordTimesOptions) {
    this.#options = options;
  }

  /** The timestamp of the first record at or after a position, in milliseconds; undefined if not known. */
  timeOf(position: Position): number | undefined {
    return this.#known.get(keyOf(position));
  }

  /**
   * Reads what is not known of these positions, as far as the limits allow, and forgets all others.
   * Reading that fails leaves positions unknown.
   */
  async learn(positions: readonly Position[], signal: AbortSignal): Promise<void> {
    const known = new Map<string, number>();
    const unknown = new Map<string, Position>();
    for (const position of positions) {
      const key = keyOf(position);
      const time = this.#known.get(key);
      if (time !== undefined) known.set(key, time);
      else if (unknown.size < this.#options.limits.readRecords) unknown.set(key, position);
    }
    this.#known = known;
    if (unknown.size === 0) return;
    const { reader, clock, limits } = this.#options;
    const { readMs } = limits;
    const read = await readRecordTimes([...unknown.values()], { reader, clock, readMs, signal });
    for (const [position, time] of read) known.set(keyOf(position), time);
  }
}

function keyOf({ topicId, partition, offset }: Position): string {
  return `${topicId}/${partition}/${offset}`;
}
