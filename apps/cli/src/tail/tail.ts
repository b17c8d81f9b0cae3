import type { LogReader, LogRecord, RecordBatch, TopicPartitionOffset } from '@sori/stream';
import { aborted } from '../system/lifetime.ts';
import type { StartAt } from './start-at.ts';

export interface TailOptions {
  readonly reader: LogReader;
  readonly topics: readonly string[];
  readonly from: StartAt;
  /** Only this partition of each topic. */
  readonly partition: number | undefined;
  readonly matches: (record: LogRecord) => boolean;
  /** Ends after so many records that match. */
  readonly count: number | undefined;
  /** Goes on at the end of the topics; otherwise ends where they ended at the start. */
  readonly follow: boolean;
  readonly onRecord: (record: LogRecord) => void;
  /** Something else that a reader wants to know: a sentence. */
  readonly onNote: (text: string) => void;
  /** Ends it, as if it was done. */
  readonly signal: AbortSignal;
}

/**
 * Reads topics from a position on, without a group, until there is nothing more to do. Records come
 * in order within a partition. Rejects with LogError.
 */
export async function tail(options: TailOptions): Promise<void> {
  const { reader, follow, count, signal } = options;
  const starts = await startPositions(options);
  const left = follow ? undefined : await endPositions(options, starts);
  if (left?.size === 0 || count === 0) return;
  const done = Promise.withResolvers<void>();
  let shown = 0;
  const take = (batch: RecordBatch): void => {
    const end = left?.get(partitionKey(batch)) ?? Number.POSITIVE_INFINITY;
    for (const record of batch.records) {
      if (shown === count || record.offset >= end || !options.matches(record)) continue;
      shown += 1;
      options.onRecord(record);
    }
    if (batch.nextOffset >= end) left?.delete(partitionKey(batch));
    if (shown === count || left?.size === 0) done.resolve();
  };
  await using subscription = reader.open({
    sink: {
      records: take,
      outOfRange: ({ partition, position, resumeAt }) =>
        options.onNote(
          `${partitionKey(partition)} has no offset ${position}; reading on at ${resumeAt}`,
        ),
      failing: ({ cause }) => options.onNote(`reading fails, trying again: ${cause.message}`),
      recovered: () => options.onNote('reading goes on'),
    },
  });
  for (const start of starts) {
    if (left === undefined || left.has(partitionKey(start))) subscription.assign(start);
  }
  await Promise.race([done.promise, aborted(signal)]);
}

async function startPositions(options: TailOptions): Promise<readonly TopicPartitionOffset[]> {
  const { reader, topics, from, partition } = options;
  const isOffset = typeof from === 'object' && 'offset' in from;
  const listed = await reader.listOffsets(topics, isOffset ? 'earliest' : from);
  const wanted = listed.filter((start) => partition === undefined || start.partition === partition);
  return isOffset ? wanted.map((start) => ({ ...start, offset: from.offset })) : wanted;
}

/** Where reading is to end: for partitions that have something from the start on. */
async function endPositions(
  { reader, topics }: TailOptions,
  starts: readonly TopicPartitionOffset[],
): Promise<Map<string, number>> {
  const startAt = new Map(starts.map((start) => [partitionKey(start), start.offset]));
  const ends = await reader.listOffsets(topics, 'latest');
  return new Map(
    ends
      .map((end): [string, number] => [partitionKey(end), end.offset])
      .filter(([key, end]) => (startAt.get(key) ?? end) < end),
  );
}

function partitionKey({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}-${partition}`;
}
