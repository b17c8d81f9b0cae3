import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADA, MINJI, message, timelineOf } from '../testing/sample.ts';
import type { OutgoingMessage } from './model.ts';
import { transcribe } from './transcript.ts';

const at = (day: number, minute: number) =>
  `2026-03-0${day}T09:${String(minute).padStart(2, '0')}:00.000Z`;
const dayOf = (time: string) => time.slice(0, 10);

const outgoing: OutgoingMessage = {
  clientMessageId: 'mine',
  text: 'on its way',
  createdAt: at(3, 9),
  state: 'sending',
  messageId: undefined,
  problem: undefined,
};

/** As a list of words: `day`, `unread`, `turn ada a b`. */
function outline(timeline: Parameters<typeof transcribe>[0]): readonly string[] {
  return transcribe(timeline, ADA.id, dayOf).map((block) => {
    if (block.kind !== 'turn') return block.kind;
    const said = block.entries.map((entry) =>
      entry.said.kind === 'message' ? entry.said.message.id : entry.said.outgoing.clientMessageId,
    );
    return ['turn', block.userId, ...said].join(' ');
  });
}

test('a turn ends with another person, a pause, another day and where the unread begin', () => {
  const timeline = timelineOf(
    [
      message('a', { sentAt: at(2, 0) }),
      message('b', { sentAt: at(2, 4) }),
      message('c', { sentAt: at(2, 10) }),
      message('d', { sentAt: at(2, 11), userId: ADA.id }),
      message('e', { sentAt: at(3, 0), userId: ADA.id }),
      message('f', { sentAt: at(3, 1) }),
      message('g', { sentAt: at(3, 2) }),
    ],
    { firstUnreadId: 'g' },
  );
  assert.deepEqual(outline(timeline), [
    'day',
    'turn minji a b',
    'turn minji c',
    'turn ada d',
    'day',
    'turn ada e',
    'turn minji f',
    'unread',
    'turn minji g',
  ]);
});

test('mine that are on their way come last, in my turn', () => {
  const mine = message('a', { userId: ADA.id, sentAt: at(3, 8) });
  assert.deepEqual(outline(timelineOf([mine], { outgoing: [outgoing] })), [
    'day',
    'turn ada a mine',
  ]);
});

test('an entry has one key before and after it came back', () => {
  const keys = (timeline: Parameters<typeof transcribe>[0]) =>
    transcribe(timeline, ADA.id, dayOf).flatMap((block) =>
      block.kind === 'turn' ? block.entries.map(({ key }) => key) : [],
    );
  const back = message('id', { userId: ADA.id, clientMessageId: 'mine' });
  assert.deepEqual(keys(timelineOf([], { outgoing: [outgoing] })), keys(timelineOf([back])));
});

test('readers stand where they stopped; neither I nor the sender is told of', () => {
  const readUpTo = { [ADA.id]: 'a', [MINJI.id]: 'a', jihun: 'a', seo: 'b' };
  const timeline = timelineOf([message('a'), message('b', { userId: ADA.id })], { readUpTo });
  const readers = transcribe(timeline, ADA.id, dayOf).flatMap((block) =>
    block.kind === 'turn' ? block.entries.map((entry) => entry.readers) : [],
  );
  assert.deepEqual(readers, [['jihun'], ['seo']]);
});
