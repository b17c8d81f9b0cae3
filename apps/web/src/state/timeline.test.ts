import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ADA, MINJI, message, timelineOf } from '../testing/sample.ts';
import type { Timeline } from './model.ts';
import * as timelines from './timeline.ts';

const THEIRS = { mine: false, watched: false };
const ids = ({ messages }: Timeline) => messages.map(({ id }) => id);

function fill(names: readonly string[]): Timeline {
  return names.reduce(
    (timeline, name) => timelines.append(timeline, message(name), THEIRS),
    timelineOf([]),
  );
}

describe('append', () => {
  test('keeps the order of arrival, and each message once', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e')), (names) => {
        const timeline = fill(names);
        assert.deepEqual(ids(timeline), [...new Set(names)]);
        assert.equal(timeline.unread, new Set(names).size);
      }),
    );
  });

  test('a copy is the same timeline', () => {
    const timeline = fill(['a', 'b']);
    assert.equal(timelines.append(timeline, message('a'), THEIRS), timeline);
  });

  test('lets the oldest go beyond what is kept, and wants the history again', () => {
    const names = Array.from({ length: timelines.MESSAGES_PER_ROOM + 2 }, (_, at) => `m${at}`);
    const before = timelineOf([], { older: 'none' });
    const fillWith = (watched: boolean) =>
      names.reduce(
        (all, name) => timelines.append(all, message(name), { mine: false, watched }),
        before,
      );
    const timeline = fillWith(false);
    assert.equal(timeline.messages.length, timelines.MESSAGES_PER_ROOM);
    assert.equal(timeline.messages[0]?.id, 'm2');
    assert.equal(timeline.older, undefined);
    assert.equal(fillWith(true).messages.length, names.length);
    assert.equal(timelines.closed(fillWith(true)).messages[0]?.id, 'm2');
  });

  test('marks the first unread, and counts no message that is on the screen or mine', () => {
    const read = timelines.append(timelineOf([]), message('a'), { mine: false, watched: true });
    const unread = timelines.append(read, message('b'), THEIRS);
    const more = timelines.append(unread, message('c', { userId: ADA.id }), {
      mine: true,
      watched: false,
    });
    assert.equal(more.unread, 1);
    assert.equal(more.firstUnreadId, 'b');
  });
});

describe('change', () => {
  test('an edit changes the text, unless the message was deleted', () => {
    const timeline = timelines.edit(fill(['a']), 'a', { text: 'better', at: 'later' });
    assert.deepEqual(timeline.messages[0], message('a', { text: 'better', editedAt: 'later' }));
    const deleted = timelines.markDeleted(timeline, 'a');
    assert.equal(timelines.edit(deleted, 'a', { text: 'late', at: 'later' }), deleted);
    assert.equal(deleted.messages[0]?.text, '');
  });

  test('what is not on the page changes nothing', () => {
    const timeline = fill(['a']);
    assert.equal(timelines.edit(timeline, 'z', { text: 'text', at: 'later' }), timeline);
    assert.equal(timelines.markDeleted(timeline, 'z'), timeline);
    const reaction = { messageId: 'z', userId: ADA.id, emoji: '👍' };
    assert.equal(timelines.react(timeline, reaction, true), timeline);
  });

  test('a reaction is there once for each who chose it, and goes with the last', () => {
    const of = (userId: string) => ({ messageId: 'a', userId, emoji: '👍' });
    const one = timelines.react(fill(['a']), of(ADA.id), true);
    assert.equal(timelines.react(one, of(ADA.id), true), one);
    const both = timelines.react(one, of(MINJI.id), true);
    assert.deepEqual(both.messages[0]?.reactions, { '👍': [ADA.id, MINJI.id] });
    const none = timelines.react(timelines.react(both, of(ADA.id), false), of(MINJI.id), false);
    assert.deepEqual(none.messages[0]?.reactions, {});
  });
});

describe('read', () => {
  test('never goes back, whatever order receipts come in', () => {
    const names = ['a', 'b', 'c', 'd'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...names), { minLength: 1 }), (receipts) => {
        const timeline = receipts.reduce(
          (before, id) => timelines.read(before, MINJI.id, id, ADA.id),
          fill(names),
        );
        assert.equal(timeline.readUpTo[MINJI.id], receipts.toSorted().at(-1));
      }),
    );
  });

  test('on another device of mine leaves unread only what came after', () => {
    const timeline = timelines.read(fill(['a', 'b', 'c']), ADA.id, 'b', ADA.id);
    assert.equal(timeline.unread, 1);
    const all = timelines.read(timeline, ADA.id, 'c', ADA.id);
    assert.equal(all.unread, 0);
    assert.equal(all.firstUnreadId, undefined);
  });

  test('of others leaves mine as it was', () => {
    assert.equal(timelines.read(fill(['a', 'b']), MINJI.id, 'b', ADA.id).unread, 2);
  });
});

test('what the server has counted already is not counted again', () => {
  const counted = timelines.append(timelineOf([]), message('a'), { ...THEIRS, counted: true });
  assert.equal(counted.unread, 0);
});

test('of two breaks, the messages after the first are kept', () => {
  const once = timelines.interrupted({ ...fill(['a', 'b']), older: 'none' });
  assert.deepEqual([once.gapAfter, once.older], ['b', undefined]);
  const twice = timelines.interrupted(timelines.append(once, message('c'), THEIRS));
  assert.deepEqual([ids(twice), twice.gapAfter], [['c'], 'c']);
});

test('the line before the unread stays while the room is open, and goes when it is left', () => {
  const opened = timelines.opened(fill(['a', 'b']));
  assert.equal(opened.unread, 0);
  assert.equal(opened.firstUnreadId, 'a');
  assert.equal(timelines.closed(opened).firstUnreadId, undefined);
});
