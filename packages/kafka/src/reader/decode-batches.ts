import type { Consumer, KafkaRecord, RecordsBatch } from '@platformatic/kafka';
import type { RecordHeader } from '@sori/contract';
import type { LogRecord, TopicPartition } from '@sori/stream';
import { toOffset } from '../cluster-view.ts';

/** The client does not export the type of what its fetch gives. */
export type FetchResponse = Awaited<ReturnType<Consumer['fetch']>>;
export type FetchedPartition = FetchResponse['responses'][number]['partitions'][number];

export interface DecodedBatches {
  readonly records: readonly LogRecord[];
  /** The offset after the last batch; the position again where nothing came. */
  readonly nextOffset: number;
}

/** Bits of a record batch's attributes (KIP-98). */
const LOG_APPEND_TIME = 1 << 3;
const TRANSACTIONAL = 1 << 4;
const CONTROL = 1 << 5;

/** The type of a control record that ends an aborted transaction, after its int16 version. */
const CONTROL_TYPE_ABORT = 0;
const CONTROL_TYPE_POSITION_BYTES = 2;

const NO_BYTES = Buffer.alloc(0);

/**
 * The records of a fetched partition from `position` on: without those before it in its batch, and
 * without control records and records of aborted transactions, whose offsets are passed over.
 * Throws LogError `rejected` on an offset beyond 2^53 - 1.
 */
export function decodeBatches(
  source: TopicPartition,
  position: number,
  fetched: Pick<FetchedPartition, 'records' | 'abortedTransactions'>,
): DecodedBatches {
  const records: LogRecord[] = [];
  let nextOffset = position;
  const aborted = new AbortedTransactions(fetched.abortedTransactions ?? []);
  for (const batch of fetched.records ?? []) {
    const end = toOffset(batch.firstOffset) + batch.lastOffsetDelta + 1;
    if (aborted.leavesOut(batch) || end <= position) {
      nextOffset = Math.max(nextOffset, end);
      continue;
    }
    appendRecords(records, source, position, batch);
    nextOffset = end;
  }
  return { records, nextOffset };
}

function appendRecords(
  records: LogRecord[],
  { topic, partition }: TopicPartition,
  position: number,
  batch: RecordsBatch,
): void {
  const firstOffset = Number(batch.firstOffset);
  const firstTimestamp = Number(batch.firstTimestamp);
  const appendTime =
    (batch.attributes & LOG_APPEND_TIME) === 0 ? undefined : Number(batch.maxTimestamp);
  for (const record of batch.records) {
    const offset = firstOffset + record.offsetDelta;
    if (offset < position) continue;
    records.push({
      topic,
      partition,
      offset,
      timestamp: appendTime ?? firstTimestamp + Number(record.timestampDelta),
      key: record.key,
      value: record.value,
      headers: record.headers.map(toHeader),
    });
  }
}

/** Kafka allows a header without a value; here it is an empty one. */
function toHeader([key, value]: KafkaRecord['headers'][number]): RecordHeader {
  return { key: key === null ? '' : key.toString('utf8'), value: value ?? NO_BYTES };
}

/**
 * Follows which producers are inside an aborted transaction, batch by batch in offset order. The
 * client filters too, but misses a transaction whose end is not in the same response.
 */
class AbortedTransactions {
  readonly #waiting: { readonly producerId: bigint; readonly firstOffset: bigint }[];
  readonly #aborting = new Set<bigint>();

  constructor(transactions: readonly { producerId: bigint; firstOffset: bigint }[]) {
    this.#waiting = transactions.toSorted((a, b) => Number(a.firstOffset - b.firstOffset));
  }

  leavesOut(batch: RecordsBatch): boolean {
    const lastOffset = batch.firstOffset + BigInt(batch.lastOffsetDelta);
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (next.firstOffset > lastOffset) break;
      this.#aborting.add(next.producerId);
      this.#waiting.shift();
    }
    if ((batch.attributes & CONTROL) !== 0) {
      if (isAbortMarker(batch)) this.#aborting.delete(batch.producerId);
      return true;
    }
    return (batch.attributes & TRANSACTIONAL) !== 0 && this.#aborting.has(batch.producerId);
  }
}

function isAbortMarker(batch: RecordsBatch): boolean {
  const key = batch.records[0]?.key;
  return key?.readInt16BE(CONTROL_TYPE_POSITION_BYTES) === CONTROL_TYPE_ABORT;
}
