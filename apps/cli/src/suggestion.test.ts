import assert from 'node:assert/strict';
import { test } from 'node:test';
import { didYouMean, nearest } from './suggestion.ts';

const NAMES = ['user.profile.updated', 'user.events', 'message.events'];

test('a slip of the finger is understood', () => {
  assert.equal(nearest('user.profile.updatd', NAMES), 'user.profile.updated');
  assert.equal(nearest('Mesage.events', NAMES), 'message.events');
  assert.equal(didYouMean('user.event', NAMES), '; did you mean "user.events"?');
});

test('something else is not', () => {
  assert.equal(nearest('rooms', NAMES), undefined);
  assert.equal(nearest('x', []), undefined);
  assert.equal(didYouMean('no.such.topic', NAMES), '.');
});
