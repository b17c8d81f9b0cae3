import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStorage } from '../testing/memory-storage.ts';
import { preferredLanguage, rememberLanguage } from './language.ts';

test('the first of the browser that the page speaks', () => {
  const none = createMemoryStorage();
  assert.equal(preferredLanguage(none, ['ko-KR', 'en']), 'ko');
  assert.equal(preferredLanguage(none, ['fr-FR', 'EN-gb', 'ko']), 'en');
  assert.equal(preferredLanguage(none, ['fr']), 'en');
  assert.equal(preferredLanguage(none, []), 'en');
});

test('a choice goes above it, where the page still speaks that', () => {
  const storage = createMemoryStorage();
  rememberLanguage(storage, 'ko');
  assert.equal(preferredLanguage(storage, ['en-US']), 'ko');
  storage.setItem('sori.language', 'xx');
  assert.equal(preferredLanguage(storage, ['ko-KR']), 'ko');
});
