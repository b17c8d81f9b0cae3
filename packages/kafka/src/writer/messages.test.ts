import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toMessages } from './messages.ts';

const target = { topic: 'chat.events', partition: 3 };

test('every record says its partition, and a null key and value stay null', () => {
  const [message] = toMessages(target, [{ key: null, value: null, headers: [] }]);
  assert.deepEqual(message, { ...target, key: null, value: null, headers: new Map() });
});

test('headers of one name are all kept, in order', () => {
  const headers = ['1', '2', '3'].map((value) => ({ key: 'hop', value: Buffer.from(value) }));
  const [message] = toMessages(target, [{ key: null, value: null, headers }]);
  const sent = Array.from(message?.headers as Map<Buffer, Buffer>, ([key, value]) => [
    key.toString(),
    value.toString(),
  ]);
  assert.deepEqual(sent, [
    ['hop', '1'],
    ['hop', '2'],
    ['hop', '3'],
  ]);
});
