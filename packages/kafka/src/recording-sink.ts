import type { LogRecord, LogSink, RecordBatch, TopicPartition } from '@sori/stream';

/** For tests only: a sink that keeps what it is told. */
export interface RecordingSink extends LogSink {
  readonly batches: RecordBatch[];
  readonly outOfRanges: Parameters<LogSink['outOfRange']>[0][];
  readonly failures: Parameters<LogSink['failing']>[0][];
  readonly recoveries: Parameters<LogSink['recovered']>[0][];
  /** Every record so far, or those of one partition, in the order they came. */
  allRecords(partition?: TopicPartition): readonly LogRecord[];
  /** Waits for an event after which the condition holds. */
  until(condition: () => boolean): Promise<void>;
}

const LIMIT_MS = 30_000;

export function createRecordingSink(): RecordingSink {
  const changed = new EventTarget();
  const keep =
    <T>(list: T[]) =>
    (item: T): void => {
      list.push(item);
      changed.dispatchEvent(new Event('changed'));
    };
  const batches: RecordingSink['batches'] = [];
  const outOfRanges: RecordingSink['outOfRanges'] = [];
  const failures: RecordingSink['failures'] = [];
  const recoveries: RecordingSink['recoveries'] = [];
  return {
    batches,
    outOfRanges,
    failures,
    recoveries,
    records: keep(batches),
    outOfRange: keep(outOfRanges),
    failing: keep(failures),
    recovered: keep(recoveries),
    allRecords: (of) =>
      batches
        .filter((batch) => of === undefined || isSame(batch, of))
        .flatMap((batch) => batch.records),
    until(condition) {
      if (condition()) return Promise.resolve();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const timer = setTimeout(() => reject(new Error('it did not happen in time')), LIMIT_MS);
      const check = () => {
        if (condition()) resolve();
      };
      changed.addEventListener('changed', check);
      return promise.finally(() => {
        clearTimeout(timer);
        changed.removeEventListener('changed', check);
      });
    },
  };
}

function isSame(a: TopicPartition, b: TopicPartition): boolean {
  return a.topic === b.topic && a.partition === b.partition;
}
