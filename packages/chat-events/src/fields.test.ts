import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { schemaCheck } from '@sori/contract';
import type { TSchema } from 'typebox';
import { DisplayName, Emoji, MessageText } from './fields.ts';

function holds(schema: TSchema, taken: readonly string[], refused: readonly string[]): void {
  const check = schemaCheck(schema);
  for (const text of taken) assert.deepEqual(check(text), [], JSON.stringify(text));
  for (const text of refused) assert.notEqual(check(text).length, 0, JSON.stringify(text));
}

describe('what people may write', () => {
  test('a message has something to see, and comes out as it went in', () => {
    holds(
      MessageText,
      ['안녕', 'two\nlines', '  indented', '👩‍👩‍👧', 'שלום‏', 'a\u202eb'],
      ['', ' \n\t', '\u200b\u200d', 'a\u0000', 'a\ud800b'],
    );
  });

  test('a name is one visible line that leaves the text around it alone', () => {
    holds(
      DisplayName,
      ['보라', "O'Neil", 'Łucja 🌿'],
      ['', ' ', 'a\nb', '\u202eevil', 'a\u2066b', '\u200b'],
    );
  });

  test('a reaction is one emoji', () => {
    holds(
      Emoji,
      ['👍', '❤️', '❤', '👍🏽', '👩‍💻', '👨‍👩‍👧‍👦', '🇰🇷', '1️⃣', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🏳️‍🌈'],
      ['', '7', '<b>', 'constructor', '__proto__', '👍👍', '👍 ', '🇰', ':+1:'],
    );
  });
});
