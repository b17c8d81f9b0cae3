import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSendQueue, WAITING_PER_ROOM } from './send-queue.ts';

test('messages of a room go one after the other; rooms do not wait for each other', async () => {
  const queue = createSendQueue();
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const all = Promise.withResolvers<void>();
  queue.add('one', async () => {
    order.push('one 1 begins');
    await first.promise;
    order.push('one 1 ends');
  });
  queue.add('one', async () => {
    order.push('one 2');
    all.resolve();
  });
  queue.add('two', async () => {
    order.push('two 1');
    first.resolve();
  });
  await all.promise;
  assert.deepEqual(order, ['one 1 begins', 'two 1', 'one 1 ends', 'one 2']);
});

test('more than may wait are refused until one is through', async () => {
  const queue = createSendQueue();
  const hold = Promise.withResolvers<void>();
  const last = Promise.withResolvers<void>();
  for (let at = 1; at < WAITING_PER_ROOM; at += 1) queue.add('room', () => hold.promise);
  assert.equal(
    queue.add('room', async () => last.resolve()),
    true,
  );
  assert.equal(
    queue.add('room', async () => {}),
    false,
  );
  assert.equal(
    queue.add('other', async () => {}),
    true,
  );
  hold.resolve();
  await last.promise;
  await new Promise(setImmediate);
  assert.equal(
    queue.add('room', async () => {}),
    true,
  );
});
