import {
  type Clock,
  type LogReader,
  type RecordBatch,
  systemClock,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@sori/stream';

export interface ReadRecordTimesOptions {
  /** Stays the caller's. */
  readonly reader: Pick<LogReader, 'open'>;
  /** How long to read, in milliseconds; what is not known then stays so. */
  readonly readMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * The timestamps of the first records at or after these positions, in milliseconds, of those that could
 * be read in time. What nobody has done yet is as old as its first record says: no arithmetic with
 * rates knows that.
 */
export async function readRecordTimes<Position extends TopicPartitionOffset>(
  positions: readonly Position[],
  { reader, readMs, signal, clock = systemClock }: ReadRecordTimesOptions,
): Promise<ReadonlyMap<Position, number>> {
  const found = new Map<Position, number>();
  if (positions.length === 0 || signal?.aborted) return found;
  const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
  // Several groups may stand at several places of one partition: these are read in turn.
  const waiting = new Map(
    Array.from(Map.groupBy(positions, partitionOf), ([partition, own]) => [
      partition,
      own.toSorted((a, b) => a.offset - b.offset),
    ]),
  );

  const take = (batch: RecordBatch): void => {
    const partition = partitionOf(batch);
    const left = (waiting.get(partition) ?? []).filter((position) => {
      const record = batch.records.find(({ offset }) => offset >= position.offset);
      if (record !== undefined) found.set(position, record.timestamp);
      return record === undefined;
    });
    waiting.set(partition, left);
    const [next] = left;
    if (next !== undefined) {
      if (next.offset > batch.nextOffset) subscription.assign(next);
      return;
    }
    subscription.unassign(batch);
    waiting.delete(partition);
    if (waiting.size === 0) finish();
  };

  const stop = (): void => finish();
  signal?.addEventListener('abort', stop, { once: true });
  using _deadline = clock.setTimer(stop, readMs);
  await using subscription = reader.open({
    sink: { records: take, outOfRange: () => {}, failing: () => {}, recovered: () => {} },
  });
  for (const [first] of waiting.values()) if (first !== undefined) subscription.assign(first);
  await finished;
  signal?.removeEventListener('abort', stop);
  return found;
}

function partitionOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
