import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStorage } from '../testing/memory-storage.ts';
import { isPreferred, prefer } from './preferences.ts';

test('there is a sound unless turned off, and no notification unless asked for', () => {
  const storage = createMemoryStorage();
  assert.equal(isPreferred(storage, 'sound'), true);
  assert.equal(isPreferred(storage, 'notifications'), false);
  prefer(storage, 'sound', false);
  prefer(storage, 'notifications', true);
  assert.equal(isPreferred(storage, 'sound'), false);
  assert.equal(isPreferred(storage, 'notifications'), true);
});
