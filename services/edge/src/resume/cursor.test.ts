import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatPositions } from '../feed/positions.ts';
import { parseCursor } from './cursor.ts';

test('an id is read back as what it was made of', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeNat(), { minLength: 1, maxLength: 20 }), (positions) => {
      assert.deepEqual(parseCursor(formatPositions(positions)), positions);
    }),
  );
});

test('only one text means one position', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('0', '1', '9', '.', '-', ' ', 'e') }), (text) => {
      const positions = parseCursor(text);
      assert.ok(positions === undefined || formatPositions(positions) === text);
    }),
  );
});

test('what is not an id is not one', () => {
  const wrong = ['', '.', '1.', '1..2', '01', '-1', '1e3', '1.2.x', ' 1', '9007199254740992', '¹'];
  for (const text of wrong) assert.equal(parseCursor(text), undefined, text);
  assert.equal(parseCursor('1.'.repeat(100_000)), undefined);
  assert.equal(parseCursor(Array(1_025).fill('0').join('.')), undefined);
});
