import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FriendStep } from '@sori/api';
import type { Relation } from '@sori/postgres';
import { type RefusalCode, Refused } from '../refused.ts';
import { friendStep } from './friend-step.ts';

const ME = 'anna';
const OTHER = 'boris';

const NONE: Relation = { friendship: 'none', requesterId: undefined, blockerIds: [] };
const RELATIONS = {
  none: NONE,
  asked: { ...NONE, friendship: 'requested', requesterId: ME },
  wasAsked: { ...NONE, friendship: 'requested', requesterId: OTHER },
  friends: { ...NONE, friendship: 'friends', requesterId: OTHER },
  blocked: { ...NONE, blockerIds: [ME] },
  wasBlocked: { ...NONE, blockerIds: [OTHER] },
} satisfies Record<string, Relation>;

/** What comes of a step: the words for what is left, and the events. `-` where nothing changes. */
const EXPECTED: Record<FriendStep, Record<keyof typeof RELATIONS, string>> = {
  request: {
    none: 'requested by anna: request.sent',
    asked: '-',
    wasAsked: 'friends: request.accepted',
    friends: '-',
    blocked: 'refused: blocked',
    wasBlocked: 'refused: blocked',
  },
  accept: {
    none: 'refused: no-request',
    asked: 'refused: no-request',
    wasAsked: 'friends: request.accepted',
    friends: '-',
    blocked: 'refused: no-request',
    wasBlocked: 'refused: no-request',
  },
  reject: {
    none: '-',
    asked: '-',
    wasAsked: 'ended: request.rejected',
    friends: 'refused: already-friends',
    blocked: '-',
    wasBlocked: '-',
  },
  cancel: {
    none: '-',
    asked: 'ended: request.cancelled',
    wasAsked: '-',
    friends: 'refused: already-friends',
    blocked: '-',
    wasBlocked: '-',
  },
  remove: {
    none: '-',
    asked: '-',
    wasAsked: '-',
    friends: 'ended: relation.removed',
    blocked: '-',
    wasBlocked: '-',
  },
  block: {
    none: 'block created: block.created',
    asked: 'ended, block created: request.cancelled block.created',
    wasAsked: 'ended, block created: request.rejected block.created',
    friends: 'ended, block created: relation.removed block.created',
    blocked: '-',
    wasBlocked: 'block created: block.created',
  },
  unblock: {
    none: '-',
    asked: '-',
    wasAsked: '-',
    friends: '-',
    blocked: 'block removed: block.removed',
    wasBlocked: '-',
  },
};

function outcome(step: FriendStep, relation: Relation): string {
  try {
    const { friendship, block, events } = friendStep(step, ME, OTHER, relation);
    const left = [
      ...(friendship === 'ended' ? ['ended'] : []),
      ...(typeof friendship === 'object' && friendship.state === 'friends' ? ['friends'] : []),
      ...(typeof friendship === 'object' && friendship.state === 'requested'
        ? [`requested by ${friendship.requesterId}`]
        : []),
      ...(block === undefined ? [] : [`block ${block}`]),
    ];
    const types = events.map(({ type }) => type.replace('friend.', ''));
    return left.length === 0 && types.length === 0 ? '-' : `${left.join(', ')}: ${types.join(' ')}`;
  } catch (error) {
    assert.ok(error instanceof Refused);
    return `refused: ${error.code as RefusalCode}`;
  }
}

describe('friendStep', () => {
  for (const [step, expectations] of Object.entries(EXPECTED)) {
    it(`${step}, from every relation`, () => {
      const outcomes = Object.entries(RELATIONS).map(([name, relation]) => [
        name,
        outcome(step as FriendStep, relation),
      ]);
      assert.deepEqual(Object.fromEntries(outcomes), expectations);
    });
  }

  it('names who asked whom, under the key of the pair', () => {
    const { events } = friendStep('accept', ME, OTHER, RELATIONS.wasAsked);
    assert.deepEqual(
      events.map(({ key, data }) => [key, data]),
      [['anna:boris', { pairId: 'anna:boris', requesterId: OTHER, addresseeId: ME }]],
    );
  });
});
