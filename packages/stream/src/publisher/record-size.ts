import type { RecordToAppend } from '../ports/record.ts';

/** A record batch before its first record, in bytes (Kafka protocol, record batch version 2). */
export const BATCH_OVERHEAD_BYTES = 61;

/** Length, attributes, timestamp and offset deltas and header count of a record, at their largest. */
const RECORD_OVERHEAD_BYTES = 5 + 1 + 10 + 5 + 5;

/** The length in front of a key, a value or a header's part, at its largest. */
const LENGTH_PREFIX_BYTES = 5;

/** How large a record is in a batch, before compression, in bytes: never less than it is. */
export function recordSizeBytes(record: RecordToAppend): number {
  let bytes =
    RECORD_OVERHEAD_BYTES +
    2 * LENGTH_PREFIX_BYTES +
    (record.key?.length ?? 0) +
    (record.value?.length ?? 0);
  for (const { key, value } of record.headers) {
    bytes += 2 * LENGTH_PREFIX_BYTES + Buffer.byteLength(key) + value.length;
  }
  return bytes;
}
