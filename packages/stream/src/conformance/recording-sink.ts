import type { LogSink, RecordBatch } from '../ports/log-reader.ts';
import type { LogRecord, TopicPartition } from '../ports/record.ts';
import { Changes } from './changes.ts';

/** A sink that keeps what it is told. */
export class RecordingSink implements LogSink {
  readonly batches: RecordBatch[] = [];
  readonly outOfRanges: Parameters<LogSink['outOfRange']>[0][] = [];
  readonly failures: Parameters<LogSink['failing']>[0][] = [];
  readonly recoveries: Parameters<LogSink['recovered']>[0][] = [];
  /** Called in the middle of a delivery, as a sink that pauses what is too much. */
  onRecords: (batch: RecordBatch) => void = () => {};
  readonly #changes = new Changes();

  records(batch: RecordBatch): void {
    this.batches.push(batch);
    this.onRecords(batch);
    this.#changes.happened();
  }

  outOfRange(event: Parameters<LogSink['outOfRange']>[0]): void {
    this.outOfRanges.push(event);
    this.#changes.happened();
  }

  failing(event: Parameters<LogSink['failing']>[0]): void {
    this.failures.push(event);
    this.#changes.happened();
  }

  recovered(event: Parameters<LogSink['recovered']>[0]): void {
    this.recoveries.push(event);
    this.#changes.happened();
  }

  /** What came of a partition, in the order in which it came. */
  recordsOf({ topic, partition }: TopicPartition): readonly LogRecord[] {
    return this.batches
      .filter((batch) => batch.topic === topic && batch.partition === partition)
      .flatMap((batch) => batch.records);
  }

  offsetsOf(partition: TopicPartition): readonly number[] {
    return this.recordsOf(partition).map(({ offset }) => offset);
  }

  until(condition: () => boolean, what: string): Promise<void> {
    return this.#changes.until(condition, what);
  }

  /** Waits until `count` records of the partition are there. */
  untilRecords(partition: TopicPartition, count: number): Promise<void> {
    const { topic, partition: number } = partition;
    return this.until(
      () => this.recordsOf(partition).length >= count,
      `${count} records of ${topic}-${number} were read`,
    );
  }
}
