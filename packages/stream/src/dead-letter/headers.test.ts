import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LogRecord } from '../ports/record.ts';
import {
  decodeDeadLetterHeaders,
  EXCEPTION_MESSAGE_MAX_BYTES,
  encodeDeadLetterHeaders,
  encodeRedriveHeaders,
  isForAnotherGroup,
  originalHeaders,
  redriveCountOf,
  STACKTRACE_MAX_BYTES,
} from './headers.ts';

const record: LogRecord = {
  topic: 'note.events',
  partition: 7,
  offset: 2 ** 40 + 1,
  timestamp: 1_769_472_000_123,
  key: Buffer.from('book'),
  value: Buffer.from('{}'),
  headers: [
    { key: 'ce_id', value: Buffer.from('id') },
    { key: 'twice', value: Buffer.from('1') },
    { key: 'twice', value: Buffer.from([0xff, 0x00]) },
  ],
};
const failure = {
  group: 'note-readers',
  error: Object.assign(new Error('no good'), { code: 'NO_GOOD' }),
  attempts: 5,
  at: new Date('2026-01-27T00:00:00Z'),
};

test('has the names and the bytes of Spring Kafka', () => {
  const headers = encodeDeadLetterHeaders(record, failure);
  const hex = (name: string) => headers.find(({ key }) => key === name)?.value.toString('hex');
  const text = (name: string) => headers.find(({ key }) => key === name)?.value.toString();
  assert.equal(text('kafka_dlt-original-topic'), 'note.events');
  assert.equal(hex('kafka_dlt-original-partition'), '00000007');
  assert.equal(hex('kafka_dlt-original-offset'), '0000010000000001');
  assert.equal(hex('kafka_dlt-original-timestamp'), '0000019bfcc0007b');
  assert.equal(text('kafka_dlt-original-timestamp-type'), 'CreateTime');
  assert.equal(text('kafka_dlt-original-consumer-group'), 'note-readers');
  assert.equal(text('kafka_dlt-exception-fqcn'), 'NO_GOOD');
  assert.equal(text('kafka_dlt-exception-message'), 'no good');
  assert.match(text('kafka_dlt-exception-stacktrace') ?? '', /^Error: no good\n/);
  assert.equal(text('sori-attempts'), '5');
  assert.equal(text('sori-dead-lettered-at'), '2026-01-27T00:00:00.000Z');
  assert.equal(text('sori-redrive-count'), '0');
  assert.deepEqual(headers.slice(0, 3), record.headers);
});

test('what was encoded is decoded, and the own headers come back', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.maxSafeNat(),
      fc.maxSafeNat(),
      fc.nat(999_999_999),
      (partition, offset, timestamp, attempts) => {
        const source = { ...record, partition: partition % 2 ** 31, offset, timestamp };
        const headers = encodeDeadLetterHeaders(source, { ...failure, attempts });
        const reason = decodeDeadLetterHeaders(headers);
        assert.equal(reason?.originalPartition, source.partition);
        assert.equal(reason?.originalOffset, offset);
        assert.equal(reason?.originalTimestamp, timestamp);
        assert.equal(reason?.attempts, attempts);
        assert.equal(reason?.deadLetteredAt, '2026-01-27T00:00:00.000Z');
        assert.deepEqual(originalHeaders(headers), record.headers);
      },
    ),
  );
});

test('message and stack are cut to their limits, never inside a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }), (unit) => {
      const error = new Error(unit.repeat(5_000));
      const headers = encodeDeadLetterHeaders(record, { ...failure, error });
      for (const [name, limit] of [
        ['kafka_dlt-exception-message', EXCEPTION_MESSAGE_MAX_BYTES],
        ['kafka_dlt-exception-stacktrace', STACKTRACE_MAX_BYTES],
      ] as const) {
        const value = headers.find(({ key }) => key === name)?.value ?? Buffer.alloc(0);
        assert.ok(value.length <= limit && value.length > limit - 4);
        const text = new TextDecoder('utf-8', { fatal: true }).decode(value);
        assert.ok(name.endsWith('stacktrace') || error.message.startsWith(text));
      }
    }),
  );
});

test('whatever is thrown has a reason', () => {
  for (const [error, code, message] of [
    ['text', 'UNKNOWN', 'text'],
    [undefined, 'UNKNOWN', 'undefined'],
    [new TypeError('typed'), 'TypeError', 'typed'],
    [Object.assign(new Error('odd'), { code: 7 }), 'Error', 'odd'],
  ] as const) {
    const reason = decodeDeadLetterHeaders(encodeDeadLetterHeaders(record, { ...failure, error }));
    assert.deepEqual([reason?.code, reason?.message], [code, message]);
  }
  const cause = new Error('outer', { cause: new Error('inner') });
  const letter = encodeDeadLetterHeaders(record, { ...failure, error: cause });
  assert.match(decodeDeadLetterHeaders(letter)?.stacktrace ?? '', /Caused by: Error: inner/);
});

test('a record dead-lettered, redriven and dead-lettered again does not grow', () => {
  const first = encodeDeadLetterHeaders(record, failure);
  const redriven = encodeRedriveHeaders(first, 'note-readers');
  assert.equal(redriveCountOf(redriven), 1);
  assert.deepEqual(originalHeaders(redriven), record.headers);
  const second = encodeDeadLetterHeaders({ ...record, headers: redriven }, failure);
  assert.deepEqual(
    second.map(({ key }) => key),
    first.map(({ key }) => key),
  );
  assert.equal(decodeDeadLetterHeaders(second)?.redriveCount, 1);
  assert.equal(redriveCountOf(encodeRedriveHeaders(second, 'note-readers')), 2);
});

test('a redriven record is for its group; any other record is for all', () => {
  const redriven = encodeRedriveHeaders(record.headers, 'a');
  assert.equal(isForAnotherGroup(redriven, 'a'), false);
  assert.equal(isForAnotherGroup(redriven, 'b'), true);
  assert.equal(isForAnotherGroup(encodeRedriveHeaders(redriven, 'b'), 'b'), false);
  assert.equal(isForAnotherGroup(record.headers, 'a'), false);
});

test('what is not a dead letter has no reason', () => {
  assert.equal(decodeDeadLetterHeaders(record.headers), undefined);
  const broken = encodeDeadLetterHeaders(record, failure).map((header) =>
    header.key === 'kafka_dlt-original-offset' ? { ...header, value: Buffer.from('1') } : header,
  );
  assert.equal(decodeDeadLetterHeaders(broken), undefined);
});

test('a dead letter of another program lacks ours: they read as none', () => {
  const foreign = encodeDeadLetterHeaders(record, failure).filter(
    ({ key }) => !key.startsWith('sori-'),
  );
  const reason = decodeDeadLetterHeaders(foreign);
  assert.deepEqual(
    [reason?.attempts, reason?.redriveCount, reason?.deadLetteredAt],
    [0, 0, '1970-01-01T00:00:00.000Z'],
  );
});
