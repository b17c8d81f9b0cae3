import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, type Verdict } from './verdict.ts';

const CLEAN: Verdict = { lost: [], duplicated: [], reordered: [], fromNowhere: [] };
const acknowledged = new Map([['r', new Set(['a', 'b', 'c'])]]);
/** `b` was sent twice, because its first answer was lost. */
const log = new Map([['r', ['a', 'b', 'c', 'b', 'd']]]);

function judgeScreen(...messageIds: readonly string[]): Verdict {
  return judge(acknowledged, log, [{ person: 'p', roomId: 'r', messageIds }]);
}

test('a screen that shows each message once, in room order, is clean', () => {
  assert.deepEqual(judgeScreen('a', 'b', 'c'), CLEAN);
});

test('a message that was stored without its sender knowing may be shown', () => {
  assert.deepEqual(judgeScreen('a', 'b', 'c', 'd'), CLEAN);
});

test('what was acknowledged and is not shown is lost', () => {
  assert.deepEqual(judgeScreen('a', 'c'), { ...CLEAN, lost: ['b (p in r)'] });
});

test('what is shown again is a duplicate, not out of order', () => {
  assert.deepEqual(judgeScreen('a', 'b', 'c', 'b'), { ...CLEAN, duplicated: ['b (p in r)'] });
});

test('what is shown after its follower is out of order', () => {
  assert.deepEqual(judgeScreen('a', 'c', 'b'), { ...CLEAN, reordered: ['b (p in r)'] });
});

test('what the log never had comes from nowhere', () => {
  assert.deepEqual(judgeScreen('a', 'x', 'b', 'c'), { ...CLEAN, fromNowhere: ['x (p in r)'] });
});
