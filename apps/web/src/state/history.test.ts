import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ADA, MINJI, message, pageOf, timelineOf } from '../testing/sample.ts';
import { merge } from './history.ts';
import type { MessagePage, Timeline } from './model.ts';
import * as timelines from './timeline.ts';

const THEIRS = { mine: false, watched: true };
const ids = ({ messages }: Timeline) => messages.map(({ id }) => id);
const nameOf = (seq: number) => `m${seq}`;
const latest = (page: MessagePage, settled = false) => ({ page, before: undefined, settled });
const put = (timeline: Timeline, page: MessagePage) => merge(timeline, latest(page), ADA.id);
const timeOf = (seq: number) => new Date(Date.UTC(2026, 2, 2) + seq * 1_000).toISOString();

/** Of a history that has stored `stored` messages: a page of them before a number. */
function pageBefore(stored: number, before = stored + 1, limit = 3): MessagePage {
  const first = Math.max(1, before - limit);
  const names = Array.from({ length: Math.max(0, before - first) }, (_, at) => first + at);
  const page = pageOf(names.map((seq) => [nameOf(seq), { seq, sentAt: timeOf(seq) }]));
  return first === 1 ? page : { ...page, next: first };
}

type Step = 'said' | 'stored' | 'latest' | 'older' | 'gap' | 'missed';
const steps = fc.array(
  fc.constantFrom<Step>('said', 'said', 'stored', 'stored', 'latest', 'older', 'gap', 'missed'),
  { maxLength: 60 },
);

describe('merge', () => {
  test('keeps the order of the room, each message once, and in the end has them all', () => {
    fc.assert(
      fc.property(steps, fc.nat(5), (happened, said0) => {
        let said = said0;
        let stored = said0;
        let timeline = timelineOf([]);
        const older = () => {
          const { older: before } = timeline;
          if (typeof before !== 'number') return;
          const loaded = { page: pageBefore(stored, before), before, settled: false };
          timeline = merge(timeline, loaded, ADA.id);
          assert.deepEqual(ids(merge(timeline, loaded, ADA.id)), ids(timeline));
        };
        const load = () => {
          const page = pageBefore(stored);
          timeline = put(timeline, page);
          assert.deepEqual(put(timeline, page), timeline);
        };
        for (const step of happened) {
          if (step === 'said') {
            said += 1;
            const told = message(nameOf(said), { sentAt: timeOf(said) });
            timeline = timelines.append(timeline, told, THEIRS);
          } else if (step === 'stored') stored = Math.min(said, stored + 1);
          else if (step === 'latest') load();
          else if (step === 'older') older();
          else {
            timeline = timelines.interrupted(timeline);
            // Said while nobody listened, and stored by the time somebody does again.
            if (step === 'missed') said += 2;
            stored = said;
          }
          const seqs = ids(timeline).map((id) => Number(id.slice(1)));
          assert.deepEqual(
            seqs,
            [...new Set(seqs)].toSorted((one, other) => one - other),
          );
        }
        stored = said;
        load();
        for (let pages = 0; timeline.older !== 'none'; pages += 1) {
          assert.ok(pages <= said, 'the beginning is reached');
          older();
        }
        assert.deepEqual(
          ids(timeline),
          Array.from({ length: said }, (_, at) => nameOf(at + 1)),
        );
      }),
    );
  });

  test('takes away what waits of mine, once the history has it', () => {
    const outgoing = {
      clientMessageId: 'client-a',
      text: 'text of a',
      createdAt: timeOf(1),
      state: 'failed',
      messageId: undefined,
      problem: 'interrupted',
    } as const;
    const timeline = timelineOf([], { outgoing: [outgoing] });
    assert.deepEqual(put(timeline, pageOf([['a', { userId: ADA.id }]])).outgoing, []);
    assert.deepEqual(put(timeline, pageOf([['a', { userId: MINJI.id }]])).outgoing, [outgoing]);
  });

  test('the later text holds, a deletion for ever, and of reactions what the feed said', () => {
    const edited = timelineOf([
      message('a', { text: 'later', editedAt: timeOf(2), reactions: { x: [ADA.id] } }),
    ]);
    const old = pageOf([['a', { text: 'earlier', editedAt: timeOf(1) }]]);
    assert.equal(put(edited, old).messages[0]?.text, 'later');
    assert.deepEqual(put(edited, old).messages[0]?.reactions, { x: [ADA.id] });
    const newer = pageOf([['a', { text: 'newest', editedAt: timeOf(3) }]]);
    assert.equal(put(edited, newer).messages[0]?.text, 'newest');
    const gone = timelines.markDeleted(edited, 'a');
    assert.equal(put(gone, newer).messages[0]?.deleted, true);
  });

  test('after a gap, and once it has settled, the history knows better who reacted', () => {
    const known = timelineOf([message('a', { reactions: { x: [ADA.id] } })], { older: 'none' });
    const page = pageOf([['a', { reactions: { y: [MINJI.id] } }]]);
    assert.deepEqual(put(timelines.interrupted(known), page).messages[0]?.reactions, {
      y: [MINJI.id],
    });
    const settled = merge(known, latest(page, true), ADA.id);
    assert.deepEqual(settled.messages[0]?.reactions, { y: [MINJI.id] });
  });

  test('closes the gap', () => {
    const broken = timelines.interrupted(timelineOf([message('m1')], { older: 'none' }));
    assert.equal(broken.gapAfter, 'm1');
    const page = pageBefore(2);
    const closed = put(broken, page);
    assert.deepEqual([ids(closed), closed.gapAfter], [['m1', 'm2'], undefined]);
  });

  test('says who has read how far, by messages', () => {
    const page = { ...pageBefore(4), readUpTo: { [MINJI.id]: 3, jihun: 1, [ADA.id]: 4 } };
    assert.deepEqual(put(timelineOf([]), page).readUpTo, { [MINJI.id]: 'm3', [ADA.id]: 'm4' });
  });

  test('places the line before the unread of a room that was opened first', () => {
    const opened = timelines.opened(timelineOf([], { unread: 2 }));
    assert.equal(opened.unread, 0);
    assert.equal(put(opened, pageBefore(3)).firstUnreadId, 'm2');
  });
});
