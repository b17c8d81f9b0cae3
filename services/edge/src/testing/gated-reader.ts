import type { LogReader, LogSink, RecordBatch } from '@sori/stream';

/**
 * For tests only: a reader whose batches can be held up, partition by partition, as when one edge is
 * slower than another.
 */
export class GatedReader implements LogReader {
  readonly #reader: LogReader;
  readonly #held = new Map<number, (() => void)[]>();

  constructor(reader: LogReader) {
    this.#reader = reader;
  }

  hold(partition: number): void {
    if (!this.#held.has(partition)) this.#held.set(partition, []);
  }

  release(partition: number): void {
    const held = this.#held.get(partition) ?? [];
    this.#held.delete(partition);
    for (const deliver of held) deliver();
  }

  partitionCount(topic: string): Promise<number> {
    return this.#reader.partitionCount(topic);
  }

  listOffsets(
    ...given: Parameters<LogReader['listOffsets']>
  ): ReturnType<LogReader['listOffsets']> {
    return this.#reader.listOffsets(...given);
  }

  open(options: Parameters<LogReader['open']>[0]): ReturnType<LogReader['open']> {
    /** Counts assignments: what was held for an earlier one is not delivered any more. */
    const epochs = new Map<number, number>();
    const begin = (partition: number): void => {
      epochs.set(partition, (epochs.get(partition) ?? 0) + 1);
    };
    const { sink } = options;
    const gated: LogSink = {
      records: (batch: RecordBatch) => {
        const { partition } = batch;
        const held = this.#held.get(partition);
        const epoch = epochs.get(partition);
        if (held === undefined) sink.records(batch);
        else held.push(() => epoch === epochs.get(partition) && sink.records(batch));
      },
      outOfRange: (event) => sink.outOfRange(event),
      failing: (event) => sink.failing(event),
      recovered: (event) => sink.recovered(event),
    };
    const subscription = this.#reader.open({ ...options, sink: gated });
    return {
      assign(start) {
        begin(start.partition);
        subscription.assign(start);
      },
      unassign(target) {
        begin(target.partition);
        subscription.unassign(target);
      },
      pause: (partition) => subscription.pause(partition),
      resume: (partition) => subscription.resume(partition),
      async [Symbol.asyncDispose]() {
        for (const partition of epochs.keys()) begin(partition);
        await subscription[Symbol.asyncDispose]();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader[Symbol.asyncDispose]();
  }
}
