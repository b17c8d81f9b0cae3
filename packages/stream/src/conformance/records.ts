import type { LogWriter } from '../ports/log-writer.ts';
import type { RecordToAppend, TopicPartition } from '../ports/record.ts';

/** A record of that key and value, without headers. */
export function record(value: string, key: string | null = null): RecordToAppend {
  return { key: key === null ? null : Buffer.from(key), value: Buffer.from(value), headers: [] };
}

/** Records whose values are `prefix` and a number from 0. */
export function records(count: number, prefix = 'value-'): readonly RecordToAppend[] {
  return Array.from({ length: count }, (_, index) => record(`${prefix}${index}`));
}

/** Appends batches one after another through a writer of its own; returns their first offsets. */
export async function appendBatches(
  writer: LogWriter,
  target: TopicPartition,
  ...batches: readonly (readonly RecordToAppend[])[]
): Promise<readonly number[]> {
  await using lane = await writer.openPartition(target, { compression: 'none' });
  const offsets: number[] = [];
  for (const batch of batches) offsets.push((await lane.append(batch)).baseOffset);
  return offsets;
}
