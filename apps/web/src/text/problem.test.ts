import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemText } from './problem.ts';
import { createText } from './text.ts';

test('a code that the page has no words for is shown itself', () => {
  const text = createText('en');
  assert.equal(problemText(text, 'last-owner'), text.t('problem.lastOwner'));
  assert.equal(problemText(text, 'quota-of-moon'), 'That did not work (quota-of-moon).');
  assert.match(problemText(text, 'constructor'), /constructor/);
});
