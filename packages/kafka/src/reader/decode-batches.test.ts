import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KafkaRecord, RecordsBatch } from '@platformatic/kafka';
import { decodeBatches } from './decode-batches.ts';

const source = { topic: 'chat.events', partition: 0 };

const LOG_APPEND_TIME = 8;
const TRANSACTIONAL = 16;
const CONTROL = 32;
const ABORT = Buffer.from([0, 0, 0, 0]);
const COMMIT = Buffer.from([0, 0, 0, 1]);

function record(offsetDelta: number, changes: Partial<KafkaRecord> = {}): KafkaRecord {
  const value = Buffer.from(`value ${offsetDelta}`);
  const empty = { length: 0, attributes: 0, timestampDelta: BigInt(offsetDelta), key: null };
  return { ...empty, offsetDelta, value, headers: [], ...changes };
}

function batch(firstOffset: bigint, count: number, changes: Partial<RecordsBatch> = {}) {
  const made: RecordsBatch = {
    firstOffset,
    length: 0,
    partitionLeaderEpoch: 0,
    magic: 2,
    crc: 0,
    attributes: 0,
    lastOffsetDelta: count - 1,
    firstTimestamp: 1_000n,
    maxTimestamp: 9_000n,
    producerId: -1n,
    producerEpoch: -1,
    firstSequence: -1,
    records: Array.from({ length: count }, (_, delta) => record(delta)),
  };
  return { ...made, ...changes };
}

function transactional(firstOffset: bigint, count: number, producerId: bigint) {
  return batch(firstOffset, count, { attributes: TRANSACTIONAL, producerId });
}

function marker(offset: bigint, producerId: bigint, key: Buffer) {
  const attributes = TRANSACTIONAL | CONTROL;
  return batch(offset, 1, { attributes, producerId, records: [record(0, { key })] });
}

function decode(position: number, records: RecordsBatch[], abortedTransactions: Aborted[] = []) {
  const decoded = decodeBatches(source, position, { records, abortedTransactions });
  return { offsets: decoded.records.map(({ offset }) => offset), nextOffset: decoded.nextOffset };
}

interface Aborted {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

describe('fetched batches', () => {
  test('become records with offsets and timestamps', () => {
    const headers: KafkaRecord['headers'] = [
      [Buffer.from('ce_id'), Buffer.from('1')],
      [null, null],
    ];
    const records = [record(0, { key: Buffer.from('k'), headers }), record(1)];
    const decoded = decodeBatches(source, 5, {
      records: [batch(5n, 2, { records })],
      abortedTransactions: null,
    });
    assert.deepEqual(decoded.records[0], {
      ...source,
      offset: 5,
      timestamp: 1_000,
      key: Buffer.from('k'),
      value: Buffer.from('value 0'),
      headers: [
        { key: 'ce_id', value: Buffer.from('1') },
        { key: '', value: Buffer.alloc(0) },
      ],
    });
    assert.equal(decoded.records[1]?.timestamp, 1_001);
    assert.equal(decoded.nextOffset, 7);
  });

  test('of a topic with log append time carry the time of the broker', () => {
    const { records } = decodeBatches(source, 0, {
      records: [batch(0n, 2, { attributes: LOG_APPEND_TIME })],
      abortedTransactions: null,
    });
    assert.deepEqual(
      records.map(({ timestamp }) => timestamp),
      [9_000, 9_000],
    );
  });

  test('start at the position, though a batch is always sent whole', () => {
    assert.deepEqual(decode(3, [batch(0n, 5)]), { offsets: [3, 4], nextOffset: 5 });
    assert.deepEqual(decode(5, [batch(0n, 5)]), { offsets: [], nextOffset: 5 });
  });

  test('that compaction emptied still move the position', () => {
    const emptied = batch(0n, 5, { records: [] });
    const holed = batch(5n, 5, { records: [record(1), record(3)] });
    assert.deepEqual(decode(0, [emptied, holed]), { offsets: [6, 8], nextOffset: 10 });
  });

  test('of nothing leave the position where it is', () => {
    const fetched = { records: null, abortedTransactions: null };
    assert.deepEqual(decodeBatches(source, 7, fetched), { records: [], nextOffset: 7 });
  });

  test('beyond 2^53 - 1 are refused', () => {
    assert.throws(() => decode(0, [batch(2n ** 53n, 1)]), { reason: 'rejected' });
  });
});

describe('transactions', () => {
  test('control records are passed over', () => {
    const batches = [transactional(0n, 2, 1n), marker(2n, 1n, COMMIT), batch(3n, 1)];
    assert.deepEqual(decode(0, batches), { offsets: [0, 1, 3], nextOffset: 4 });
    assert.deepEqual(decode(0, [marker(0n, 1n, COMMIT)]), { offsets: [], nextOffset: 1 });
  });

  test('an aborted one is left out up to its marker, others of the time are not', () => {
    const batches = [
      transactional(0n, 2, 1n),
      transactional(2n, 2, 2n),
      batch(4n, 1),
      marker(5n, 1n, ABORT),
      marker(6n, 2n, COMMIT),
      transactional(7n, 1, 1n),
    ];
    const aborted = [{ producerId: 1n, firstOffset: 0n }];
    assert.deepEqual(decode(0, batches, aborted), { offsets: [2, 3, 4, 7], nextOffset: 8 });
  });

  test('an aborted one whose marker is not in the response is left out too', () => {
    const aborted = [{ producerId: 1n, firstOffset: 0n }];
    const batches = [transactional(0n, 2, 1n)];
    assert.deepEqual(decode(0, batches, aborted), { offsets: [], nextOffset: 2 });
  });
});
