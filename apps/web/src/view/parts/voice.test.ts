import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { voiceOf } from './voice.ts';

test('a voice is the same every time, and can be drawn', () => {
  fc.assert(
    fc.property(fc.string(), (id) => {
      const voice = voiceOf(id);
      assert.deepEqual(voiceOf(id), voice);
      assert.equal(voice.bars.length, 5);
      for (const height of voice.bars) assert.ok(height > 0 && height <= 1);
    }),
  );
});

test('people look different from each other', () => {
  const ids = Array.from({ length: 200 }, (_, at) => `user-${at}`);
  const voices = new Set(ids.map((id) => JSON.stringify(voiceOf(id))));
  assert.ok(voices.size > 190, `${voices.size} of ${ids.length}`);
  assert.equal(new Set(ids.map((id) => voiceOf(id).hue)).size, 8);
});
