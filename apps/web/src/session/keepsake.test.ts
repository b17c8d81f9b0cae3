import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStorage } from '../testing/memory-storage.ts';
import { ADA, MINJI, message, timelineOf } from '../testing/sample.ts';
import { createKeepsake } from './keepsake.ts';

const outgoing = {
  clientMessageId: 'mine',
  text: 'hello',
  createdAt: '2026-03-02T09:00:00.000Z',
  messageId: undefined,
  problem: undefined,
};

test('gives back what was kept, once, and to the same person only', () => {
  const keepsake = createKeepsake(createMemoryStorage());
  const timelines = { room: timelineOf([message('a')]) };
  keepsake.keep(ADA.id, { timelines, cursor: '1.2.3' });
  const saved = keepsake.recall(ADA.id);
  assert.equal(saved?.cursor, '1.2.3');
  assert.deepEqual(saved?.timelines['room']?.messages, [message('a')]);
  assert.equal(keepsake.recall(ADA.id), undefined);

  keepsake.keep(ADA.id, { timelines, cursor: '1' });
  assert.equal(keepsake.recall(MINJI.id), undefined);
  assert.equal(keepsake.recall(ADA.id), undefined);
});

test('a message that was on its way may have arrived or not', () => {
  const keepsake = createKeepsake(createMemoryStorage());
  const timelines = { room: timelineOf([], { outgoing: [{ ...outgoing, state: 'sending' }] }) };
  keepsake.keep(ADA.id, { timelines, cursor: undefined });
  const kept = keepsake.recall(ADA.id)?.timelines['room']?.outgoing[0];
  assert.equal(kept?.state, 'failed');
  assert.equal(kept?.problem, 'interrupted');
});

test('keeps the last messages of a room, and says that older ones went', () => {
  const keepsake = createKeepsake(createMemoryStorage());
  const messages = Array.from({ length: 100 }, (_, at) => message(`m${at}`));
  keepsake.keep(ADA.id, { timelines: { room: timelineOf(messages) }, cursor: '9' });
  const kept = keepsake.recall(ADA.id)?.timelines['room'];
  assert.equal(kept?.messages.length, 60);
  assert.equal(kept?.messages.at(-1)?.id, 'm99');
  assert.equal(kept?.trimmed, true);
});

test('what does not fit is not kept, nor what was there before', () => {
  const keepsake = createKeepsake(createMemoryStorage());
  keepsake.keep(ADA.id, { timelines: {}, cursor: '1' });
  const huge = message('a', { text: 'x'.repeat(1_000_001) });
  keepsake.keep(ADA.id, { timelines: { room: timelineOf([huge]) }, cursor: '2' });
  assert.equal(keepsake.recall(ADA.id), undefined);
});

test('forgotten, nothing is left', () => {
  const storage = createMemoryStorage();
  const keepsake = createKeepsake(storage);
  keepsake.keep(ADA.id, { timelines: {}, cursor: '1' });
  keepsake.forget();
  assert.equal(storage.size, 0);
});
