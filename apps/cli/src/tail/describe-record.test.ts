import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { profileUpdated } from '@sori/chat-events';
import { encodeEvent, type RecordHeader } from '@sori/contract';
import { encodeDeadLetterHeaders, type LogRecord } from '@sori/stream';
import { describeRecord, recordLines } from './describe-record.ts';

const DATA = { userId: 'u1', displayName: '소리' };

function recordOf(over: Partial<LogRecord> = {}): LogRecord {
  const attributes = { id: 'e1', source: '/test', time: '2026-01-27T09:30:00Z' };
  const { key, value, headers } = encodeEvent(profileUpdated(DATA), attributes);
  return {
    ...{ topic: 'user.events', partition: 1, offset: 7, timestamp: 1_769_506_200_000 },
    ...{ key, value, headers },
    ...over,
  };
}

const PLAIN = { withHeaders: false };
const lines = (record: LogRecord, withHeaders = false): readonly string[] =>
  recordLines(describeRecord(record, { withHeaders })).map(stripVTControlCharacters);

describe('a record that is shown', () => {
  test('an event of the catalog', () => {
    assert.deepEqual(describeRecord(recordOf(), PLAIN), {
      topic: 'user.events',
      partition: 1,
      offset: 7,
      timestamp: '2026-01-27T09:30:00.000Z',
      key: 'u1',
      type: 'user.profile.updated',
      id: 'e1',
      time: '2026-01-27T09:30:00Z',
      data: DATA,
    });
    assert.deepEqual(lines(recordOf()), [
      `2026-01-27T09:30:00.000Z user.events-1@7 u1 user.profile.updated ${JSON.stringify(DATA)}`,
    ]);
  });

  test('one that is no event says why, and what it is', () => {
    const record = recordOf({ value: Buffer.from('{') });
    const { data, problem, value } = describeRecord(record, PLAIN);
    assert.deepEqual([data, problem, value], [undefined, 'the value is not JSON', '{']);
    assert.deepEqual(lines(recordOf({ key: null, value: null, headers: [] })), [
      '2026-01-27T09:30:00.000Z user.events-1@7 — — no value',
      '  not an event: header ce_type is missing',
    ]);
  });

  test('a dead letter says who gave it up and why', () => {
    const failure = {
      group: 'some-group',
      error: new Error('no such room'),
      attempts: 3,
      at: new Date(0),
    };
    const headers = encodeDeadLetterHeaders(recordOf(), failure);
    const { deadLetter } = describeRecord(recordOf({ topic: 'user.events.dlq', headers }), PLAIN);
    assert.deepEqual(
      [deadLetter?.originalTopic, deadLetter?.originalOffset, deadLetter?.message],
      ['user.events', 7, 'no such room'],
    );
    assert.match(
      lines(recordOf({ headers }))[1] ?? '',
      /dead-lettered by some-group from user\.events-1@7 after 3 attempts: .*no such room/,
    );
  });

  test('headers are shown as text where they are text', () => {
    const headers: RecordHeader[] = [
      { key: 'text', value: Buffer.from('소리') },
      { key: 'number', value: Buffer.from([0, 0, 0, 7]) },
      { key: 'broken', value: Buffer.from([0xff]) },
    ];
    assert.deepEqual(describeRecord(recordOf({ headers }), { withHeaders: true }).headers, [
      { key: 'text', value: '소리' },
      { key: 'number', base64: 'AAAABw==' },
      { key: 'broken', base64: '/w==' },
    ]);
  });

  test('nothing in a record can drive the terminal', () => {
    const value = Buffer.from('\u001b[2Jgone\nnext');
    const key = Buffer.from('\u001b]0;title\u0007');
    const raw = recordLines(describeRecord(recordOf({ key, value, headers: [] }), PLAIN)).join('');
    assert.ok(!raw.includes('\u001b[2J') && !raw.includes('\u001b]0'), raw);
  });
});
