import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualTimers } from '../testing/manual-timers.ts';
import { createReadReceipts, RECEIPT_DELAY_MS } from './read-receipts.ts';

function setUp() {
  const timers = createManualTimers();
  const sent: string[] = [];
  const gateway = { isDown: false };
  const receipts = createReadReceipts({
    async send(roomId, messageId) {
      if (gateway.isDown) throw new Error('no answer');
      sent.push(`${roomId} ${messageId}`);
    },
    after: timers.after,
  });
  return { timers, sent, gateway, receipts };
}

test('many messages make one receipt, of the last', () => {
  const { receipts, timers, sent } = setUp();
  receipts.seen('one', 'a');
  receipts.seen('one', 'b');
  receipts.seen('two', 'x');
  receipts.seen('one', 'c');
  assert.deepEqual(sent, []);
  timers.advance(RECEIPT_DELAY_MS);
  assert.deepEqual(sent, ['one c', 'two x']);
});

test('the same is told once, unless it was lost', async () => {
  const { receipts, timers, sent, gateway } = setUp();
  gateway.isDown = true;
  receipts.seen('one', 'a');
  timers.advance(RECEIPT_DELAY_MS);
  await new Promise(setImmediate);
  gateway.isDown = false;
  for (let times = 0; times < 3; times += 1) {
    receipts.seen('one', 'a');
    timers.advance(RECEIPT_DELAY_MS);
  }
  assert.deepEqual(sent, ['one a']);
});

test('closed, nothing is told, and the next person begins anew', () => {
  const { receipts, timers, sent } = setUp();
  receipts.seen('one', 'a');
  timers.advance(RECEIPT_DELAY_MS);
  receipts.seen('one', 'b');
  receipts.close();
  timers.advance(RECEIPT_DELAY_MS);
  assert.deepEqual(sent, ['one a']);
  receipts.seen('one', 'a');
  timers.advance(RECEIPT_DELAY_MS);
  assert.deepEqual(sent, ['one a', 'one a']);
});
