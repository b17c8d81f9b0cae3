import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '@sori/chat-events';
import { encodeDeadLetterHeaders, type LogRecord } from '@sori/stream';
import { LABEL_MAX_LENGTH } from '../limits.ts';
import { deadLetterLabels, deadLetterType } from './dead-letter.ts';

const record: LogRecord = {
  ...{ topic: 'message.events', partition: 3, offset: 7, timestamp: 0, key: null, value: null },
  headers: [{ key: 'ce_type', value: Buffer.from('message.chat.sent') }],
};

function letter(code: string, group = 'a-group'): LogRecord {
  const error = Object.assign(new Error('no'), { code });
  const failure = { group, error, attempts: 1, at: new Date(0) };
  return { ...record, headers: encodeDeadLetterHeaders(record, failure) };
}

test('a dead letter is counted by what its headers say, whatever its value is', () => {
  assert.deepEqual(deadLetterLabels(letter('BROKEN')), { reason: 'BROKEN', group: 'a-group' });
  assert.equal(deadLetterType(catalog, letter('BROKEN')), 'message.chat.sent');
});

test('what is no dead letter, or of no known type, is counted as that', () => {
  assert.deepEqual(deadLetterLabels(record), { reason: 'not-a-dead-letter', group: 'none' });
  assert.equal(deadLetterType(catalog, { ...record, headers: [] }), 'undecodable:missing-header');
  const headers = [{ key: 'ce_type', value: Buffer.from('a.b.c') }];
  assert.equal(deadLetterType(catalog, { ...record, headers }), 'undecodable:unknown-type');
});

test('text of others is cut, and made storable', () => {
  const { reason } = deadLetterLabels(letter(`a\0b${'x'.repeat(2 * LABEL_MAX_LENGTH)}`));
  assert.equal(reason.length, LABEL_MAX_LENGTH);
  assert(reason.startsWith('a\u{fffd}b'));
  assert.deepEqual(deadLetterLabels(letter('', '')), { reason: 'none', group: 'none' });
});
