import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKorean, isOnlyEmoji } from './script.ts';

test('a few emoji and nothing else', () => {
  for (const text of ['👍', '👩‍👩‍👧‍👦🇰🇷', ' ❤️ ', '1️⃣']) assert.equal(isOnlyEmoji(text), true, text);
  for (const text of ['', '1', 'ok 👍', '👍👍👍👍']) assert.equal(isOnlyEmoji(text), false, text);
});

test('Hangul makes a text Korean', () => {
  assert.equal(isKorean('오늘 lunch?'), true);
  assert.equal(isKorean('今日のランチ'), false);
  assert.equal(isKorean('lunch?'), false);
});
