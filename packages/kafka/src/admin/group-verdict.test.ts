import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isOwned, judgePartition, type PartitionEvidence, worstVerdict } from './group-verdict.ts';

const LAG = {
  topic: 'a',
  partition: 0,
  committed: 100,
  earliest: 0,
  end: 1_000,
  lag: 900,
  lost: 0,
};

/** Read by somebody, ten seconds within a target of a minute, and getting on. */
const GOOD: PartitionEvidence = {
  lag: LAG,
  committedBefore: 50,
  lagSeconds: 10,
  targetSeconds: 60,
  isOwned: true,
};
const LATE: PartitionEvidence = { ...GOOD, lagSeconds: 61 };

describe('a partition', () => {
  for (const [what, evidence, expected] of [
    ['all of it done', { ...LATE, lag: { ...LAG, lag: 0 } }, 'ok'],
    ['within the target', GOOD, 'ok'],
    ['on the target', { ...GOOD, lagSeconds: 60 }, 'ok'],
    ['within the target, between two commits', { ...GOOD, committedBefore: 100 }, 'ok'],
    ['within the target, its reader started again', { ...GOOD, isOwned: false }, 'ok'],
    ['over the target, as far behind as before: Burrow says OK', LATE, 'behind'],
    ['over the target, looked at once', { ...LATE, committedBefore: undefined }, 'behind'],
    ['over the target, its first commit', { ...LATE, committedBefore: null }, 'behind'],
    ['over the target, not moving', { ...LATE, committedBefore: 100 }, 'stalled'],
    [
      'over the target, nothing ever committed',
      { ...LATE, committedBefore: null, lag: { ...LAG, committed: null } },
      'stalled',
    ],
    ['over the target, gone back', { ...LATE, committedBefore: 101 }, 'rewound'],
    ['over the target, read by nobody', { ...LATE, isOwned: false }, 'stopped'],
    ['of which records were deleted unread', { ...GOOD, lag: { ...LAG, lost: 1 } }, 'losing'],
    ['whose record could not be read', { ...GOOD, lagSeconds: undefined }, 'unknown'],
  ] as const satisfies readonly (readonly [string, PartitionEvidence, string])[]) {
    test(`${what}, is ${expected}`, () => assert.equal(judgePartition(evidence), expected));
  }
});

test('a group is as its worst partition', () => {
  assert.equal(worstVerdict([]), 'ok');
  assert.equal(worstVerdict(['ok', 'stalled', 'behind']), 'stalled');
  assert.equal(worstVerdict(['unknown', 'ok']), 'unknown');
});

test('a partition is owned by the member that has it, and by somebody during a rebalance', () => {
  const member = { member: 'm', clientId: 'm', memberId: 'm', host: '', assignment: { a: [0, 1] } };
  const group = { state: 'Stable', members: [member] };
  assert.ok(isOwned(group, { topic: 'a', partition: 1 }));
  assert.ok(!isOwned(group, { topic: 'a', partition: 2 }));
  assert.ok(!isOwned(group, { topic: 'b', partition: 0 }));
  assert.ok(!isOwned({ state: 'Empty', members: [] }, { topic: 'a', partition: 0 }));
  assert.ok(isOwned({ ...group, state: 'PreparingRebalance' }, { topic: 'b', partition: 0 }));
});
