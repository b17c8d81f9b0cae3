import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStorage } from '../testing/memory-storage.ts';
import { ADA, MINJI, message, timelineOf } from '../testing/sample.ts';
import { createKeepsake } from './keepsake.ts';

const failed = {
  clientMessageId: 'mine',
  text: 'hello',
  createdAt: '2026-03-02T09:00:00.000Z',
  state: 'failed',
  messageId: undefined,
  problem: 'overloaded',
} as const;
const unsent = { room: timelineOf([message('a')], { outgoing: [failed] }) };

test('gives back what was not sent, once, and to the same person only', () => {
  const keepsake = createKeepsake(createMemoryStorage());
  keepsake.keep(ADA.id, { ...unsent, other: timelineOf([message('b')]) });
  const kept = keepsake.recall(ADA.id);
  assert.deepEqual(Object.keys(kept ?? {}), ['room']);
  assert.equal(kept?.['room']?.[0]?.text, 'hello');
  assert.equal(keepsake.recall(ADA.id), undefined);

  keepsake.keep(ADA.id, unsent);
  assert.equal(keepsake.recall(MINJI.id), undefined);
  assert.equal(keepsake.recall(ADA.id), undefined);
});

test('a message that was on its way may have arrived or not', () => {
  const keepsake = createKeepsake(createMemoryStorage());
  keepsake.keep(ADA.id, { room: timelineOf([], { outgoing: [{ ...failed, state: 'sending' }] }) });
  const kept = keepsake.recall(ADA.id)?.['room']?.[0];
  assert.equal(kept?.state, 'failed');
  assert.equal(kept?.problem, 'interrupted');
});

test('what does not fit is not kept, nor what was there before', () => {
  const keepsake = createKeepsake(createMemoryStorage());
  keepsake.keep(ADA.id, unsent);
  const huge = { ...failed, text: 'x'.repeat(1_000_001) };
  keepsake.keep(ADA.id, { room: timelineOf([], { outgoing: [huge] }) });
  assert.equal(keepsake.recall(ADA.id), undefined);
});

test('forgotten, nothing is left; with nothing unsent, nothing is kept', () => {
  const storage = createMemoryStorage();
  const keepsake = createKeepsake(storage);
  keepsake.keep(ADA.id, unsent);
  keepsake.forget();
  assert.equal(storage.size, 0);
  keepsake.keep(ADA.id, { room: timelineOf([message('a')]) });
  assert.equal(storage.size, 0);
});
