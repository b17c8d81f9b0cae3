import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  ADA,
  frame,
  MINJI,
  message,
  ROOM,
  SIGNED_IN,
  sent,
  timelineOf,
} from '../testing/sample.ts';
import type { Action } from './actions.ts';
import { INITIAL_STATE, type Room, type State } from './model.ts';
import { reduce } from './reducer.ts';

const roomId = ROOM.id;
const run = (state: State, actions: readonly Action[]) => actions.reduce(reduce, state);
const shown = (state: State) => {
  const timeline = state.timelines[roomId];
  return [
    ...(timeline?.messages ?? []).map(({ clientMessageId }) => clientMessageId),
    ...(timeline?.outgoing ?? []).map(({ clientMessageId }) => clientMessageId),
  ];
};

function queued(id: string): Action {
  const { clientMessageId, text, sentAt: at } = message(id);
  return { type: 'message/queued', roomId, clientMessageId, text, at };
}

/** What may happen to one message of mine after it was queued, each in its own order. */
function fates(id: string): readonly (readonly Action[])[] {
  const clientMessageId = `client-${id}`;
  const arrived: Action = { type: 'frame/received', frame: sent(id, ADA.id) };
  const accepted: Action = { type: 'message/accepted', roomId, clientMessageId, messageId: id };
  const failed: Action = { type: 'message/failed', roomId, clientMessageId, problem: 'overloaded' };
  const retried: Action = { type: 'message/retried', roomId, clientMessageId };
  return [
    [accepted, arrived],
    [arrived, accepted],
    [failed, arrived],
    [arrived, failed],
    [failed, retried, accepted, arrived],
    [failed, retried, arrived, accepted],
    [arrived, arrived, accepted],
  ];
}

describe('messages of mine', () => {
  test('are shown once at every moment, and in the end as the log has them', () => {
    const ids = ['a', 'b', 'c'];
    const each = fc.tuple(...ids.map((id) => fc.constantFrom(...fates(id))));
    const interleaved = each.chain((sequences) => {
      const turns = sequences.flatMap((sequence, at) => sequence.map(() => at));
      const shuffled = fc.shuffledSubarray(turns, { minLength: turns.length });
      return shuffled.map((order) => {
        const next = sequences.map((sequence) => sequence.values());
        return order.map((at) => next[at]?.next().value).filter((action) => action !== undefined);
      });
    });
    fc.assert(
      fc.property(interleaved, (actions) => {
        let state = run(SIGNED_IN, ids.map(queued));
        for (const action of actions) {
          state = reduce(state, action);
          assert.deepEqual(
            shown(state).toSorted(),
            ids.map((id) => `client-${id}`),
          );
        }
        assert.deepEqual(state.timelines[roomId]?.outgoing, []);
        const arrivals = actions.flatMap((action) =>
          action.type === 'frame/received' ? [`client-${action.frame.id}`] : [],
        );
        assert.deepEqual(shown(state), [...new Set(arrivals)]);
      }),
    );
  });

  test('after a gap, those acknowledged take their place; others wait', () => {
    const accepted: Action = {
      type: 'message/accepted',
      roomId,
      clientMessageId: 'client-a',
      messageId: 'a',
    };
    const state = run(SIGNED_IN, [queued('a'), queued('b'), accepted, { type: 'gap/found' }]);
    assert.equal(state.timelines[roomId]?.gapAfter, 'a');
    assert.deepEqual(
      state.timelines[roomId]?.messages.map(({ id }) => id),
      ['a'],
    );
    assert.deepEqual(
      state.timelines[roomId]?.outgoing.map(({ clientMessageId }) => clientMessageId),
      ['client-b'],
    );
  });

  test('discarded, one is gone', () => {
    const discarded: Action = { type: 'message/discarded', roomId, clientMessageId: 'client-a' };
    assert.deepEqual(shown(run(SIGNED_IN, [queued('a'), discarded])), []);
  });
});

describe('rooms', () => {
  test('a list drops rooms that are gone, with their messages, and keeps known members', () => {
    const members = [{ userId: ADA.id, role: 'owner' as const }];
    const gone: Room = { ...ROOM, id: 'gone' };
    const before: State = {
      ...SIGNED_IN,
      watching: 'gone',
      rooms: { [roomId]: { ...ROOM, members }, gone },
      timelines: { gone: timelineOf([message('a')]), unheard: timelineOf([message('b')]) },
    };
    const after = reduce(before, { type: 'rooms/loaded', rooms: [ROOM] });
    assert.deepEqual(after.rooms, { [roomId]: { ...ROOM, members } });
    assert.deepEqual(Object.keys(after.timelines), ['unheard']);
    assert.equal(after.watching, undefined);
  });

  test('one that is opened is read; where another is opened, its line goes', () => {
    const watch = (id: string | undefined): Action => ({ type: 'room/watched', roomId: id });
    const arrived: Action = { type: 'frame/received', frame: sent('a') };
    const opened = run(SIGNED_IN, [arrived, watch(roomId)]);
    assert.equal(opened.timelines[roomId]?.unread, 0);
    assert.equal(opened.timelines[roomId]?.firstUnreadId, 'a');
    const left = reduce(opened, watch(undefined));
    assert.equal(left.timelines[roomId]?.firstUnreadId, undefined);
  });

  test('a member who changes is seen in the list and, where it is me, in the room', () => {
    const members = [
      { userId: ADA.id, role: 'owner' as const },
      { userId: MINJI.id, role: 'member' as const },
    ];
    const state = { ...SIGNED_IN, rooms: { [roomId]: { ...ROOM, members } } };
    const after = run(state, [
      { type: 'member/changed', roomId, userId: ADA.id, role: 'member' },
      { type: 'member/changed', roomId, userId: MINJI.id, role: undefined },
    ]);
    assert.deepEqual(after.rooms[roomId]?.members, [{ userId: ADA.id, role: 'member' }]);
    assert.equal(after.rooms[roomId]?.role, 'member');
  });
});

describe('what the list of rooms tells', () => {
  const last = {
    messageId: 'b',
    seq: 2,
    userId: MINJI.id,
    text: 'text of b',
    sentAt: '2026-03-02T09:00:00.000Z',
  };
  const told: Action = { type: 'rooms/loaded', rooms: [{ ...ROOM, unread: 2, lastMessage: last }] };
  const later = (id: string): Action => ({
    type: 'frame/received',
    frame: { ...sent(id), time: '2026-03-02T09:01:00.000Z' },
  });

  test('is counted once, whichever comes first, the list or the feed', () => {
    const frames: readonly Action[] = [
      { type: 'frame/received', frame: sent('a') },
      { type: 'frame/received', frame: sent('b') },
      later('c'),
    ];
    for (let at = 0; at <= frames.length; at += 1) {
      const state = run(SIGNED_IN, [...frames.slice(0, at), told, ...frames.slice(at)]);
      assert.equal(state.timelines[roomId]?.unread, 3, `after ${at}`);
    }
  });

  test('leaves a room alone that is on the screen, and what was seen there', () => {
    const watched = run(SIGNED_IN, [{ type: 'room/watched', roomId }, told]);
    assert.equal(watched.timelines[roomId]?.unread, 0);
    assert.equal(watched.timelines[roomId]?.unreadAtOpening, 2);
    const left = run(watched, [later('b'), { type: 'room/watched', roomId: undefined }, told]);
    assert.equal(left.timelines[roomId]?.unread, 0);
  });

  test('changes with its message, and outlives what the room alone says', () => {
    const data = { roomId, messageId: 'b', userId: MINJI.id };
    const edited = frame('message.chat.edited', { ...data, text: 'better' });
    const changed = run(SIGNED_IN, [
      told,
      { type: 'frame/received', frame: edited },
      { type: 'room/loaded', room: ROOM },
    ]);
    assert.equal(changed.rooms[roomId]?.lastMessage?.text, 'better');
    const deleted = frame('message.chat.deleted', data);
    const gone = reduce(changed, { type: 'frame/received', frame: deleted });
    assert.equal(gone.rooms[roomId]?.lastMessage?.text, null);
  });
});

describe('session', () => {
  test('that ends leaves nothing of the person behind', () => {
    const state = run({ ...SIGNED_IN, openSignIn: true, drafts: { [roomId]: 'secret' } }, [
      { type: 'frame/received', frame: sent('a') },
      { type: 'session/ended', reason: 'left' },
    ]);
    const phase = { name: 'signed-out', reason: 'left' };
    assert.deepEqual(state, { ...INITIAL_STATE, openSignIn: true, phase });
  });
});

test('of notices, the newest are kept', () => {
  const codes = ['a', 'b', 'c', 'd'];
  const state = run(
    SIGNED_IN,
    codes.map((code) => ({ type: 'notice/shown', code })),
  );
  assert.deepEqual(
    state.notices.map(({ code }) => code),
    ['b', 'c', 'd'],
  );
  assert.equal(new Set(state.notices.map(({ id }) => id)).size, 3);
});
