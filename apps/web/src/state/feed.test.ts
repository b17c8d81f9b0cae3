import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { FeedFrame } from '../stream/frame.ts';
import { ADA, frame, MINJI, ROOM, SIGNED_IN, sent } from '../testing/sample.ts';
import { applyFrame, staleAfter } from './feed.ts';
import type { State } from './model.ts';

const apply = (state: State, frames: readonly FeedFrame[]) =>
  frames.reduce((before, next) => applyFrame(before, ADA.id, next), state);

const roomId = ROOM.id;
const messageIds = fc.constantFrom('a', 'b', 'c');
const userIds = fc.constantFrom(ADA.id, MINJI.id, 'jihun');

/** Any frame about the one room. */
const frames: fc.Arbitrary<FeedFrame> = fc.oneof(
  fc.tuple(messageIds, userIds).map(([id, userId]) => sent(id, userId)),
  fc
    .record({
      roomId: fc.constant(roomId),
      messageId: messageIds,
      userId: userIds,
      text: fc.string(),
    })
    .map((data) => frame('message.chat.edited', data)),
  fc
    .record({ roomId: fc.constant(roomId), messageId: messageIds, userId: userIds })
    .chain((data) =>
      fc.constantFrom(
        frame('message.chat.deleted', data),
        frame('message.receipt.read', data),
        frame('message.reaction.added', { ...data, emoji: '👍' }),
        frame('message.reaction.removed', { ...data, emoji: '👍' }),
      ),
    ),
  fc
    .record({ roomId: fc.constant(roomId), actorId: userIds, userId: userIds })
    .chain((data) =>
      fc.constantFrom(
        frame('chat.member.joined', { ...data, role: 'member' }),
        frame('chat.member.role-changed', { ...data, role: 'moderator' }),
        frame('chat.member.left', data),
        frame('chat.member.muted', data),
        frame('chat.member.unmuted', data),
      ),
    ),
  fc.constantFrom(
    frame('chat.room.updated', { roomId, actorId: MINJI.id, name: 'Renamed' }),
    frame('chat.room.archived', { roomId, actorId: MINJI.id }),
    frame('user.profile.updated', { userId: MINJI.id, displayName: 'Minji' }),
  ),
);

describe('applyFrame', () => {
  test('told twice changes nothing', () => {
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 30 }), (told) => {
        const twice = told.flatMap((one) => [one, one]);
        assert.deepEqual(apply(SIGNED_IN, twice), apply(SIGNED_IN, told));
      }),
    );
  });

  test('an open room counts nothing as unread; any other does', () => {
    const watching = apply({ ...SIGNED_IN, watching: roomId }, [sent('a')]);
    assert.equal(watching.timelines[roomId]?.unread, 0);
    assert.equal(apply(SIGNED_IN, [sent('a')]).timelines[roomId]?.unread, 1);
  });

  test('whoever writes has read what was there', () => {
    const state = apply(SIGNED_IN, [sent('a'), sent('b', ADA.id)]);
    assert.deepEqual(state.timelines[roomId]?.readUpTo, { [MINJI.id]: 'a', [ADA.id]: 'b' });
    assert.equal(state.timelines[roomId]?.unread, 0);
  });

  test('out of a room, its messages go', () => {
    const out = frame('chat.member.removed', { roomId, actorId: MINJI.id, userId: ADA.id });
    const state = apply({ ...SIGNED_IN, watching: roomId }, [sent('a'), out]);
    assert.deepEqual(state.rooms, {});
    assert.deepEqual(state.timelines, {});
    assert.equal(state.watching, undefined);
  });

  test('my own name changes where it stands', () => {
    const state = apply(SIGNED_IN, [
      frame('user.profile.updated', { userId: ADA.id, displayName: 'Countess' }),
    ]);
    assert.deepEqual(state.phase, {
      name: 'signed-in',
      me: { ...ADA, displayName: 'Countess' },
    });
  });
});

describe('staleAfter', () => {
  const stale = (told: FeedFrame, state: State = SIGNED_IN) => staleAfter(state, ADA.id, told);

  test('friends are asked again after what happened between friends', () => {
    const data = { pairId: 'ada:minji', requesterId: MINJI.id, addresseeId: ADA.id };
    assert.deepEqual(stale(frame('friend.request.sent', data)), { what: 'friends' });
  });

  test('an unknown room asks for the list, a member for the room', () => {
    assert.deepEqual(stale(sent('a'), { ...SIGNED_IN, rooms: {} }), { what: 'rooms' });
    const joined = { roomId, actorId: MINJI.id, userId: 'jihun', role: 'member' } as const;
    assert.deepEqual(stale(frame('chat.member.joined', joined)), { what: 'room', roomId });
  });

  test('a message in a known room asks for nothing, nor does a room that I left', () => {
    assert.equal(stale(sent('a')), undefined);
    const left = frame('chat.member.left', { roomId, actorId: ADA.id, userId: ADA.id });
    assert.equal(stale(left, { ...SIGNED_IN, rooms: {} }), undefined);
  });
});
