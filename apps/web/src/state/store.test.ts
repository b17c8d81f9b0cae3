import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore } from './store.ts';

test('listeners hear of changes only, until they stop', () => {
  const store = createStore();
  let heard = 0;
  const stop = store.subscribe(() => {
    heard += 1;
  });
  store.dispatch({ type: 'connection/changed', connection: 'connecting' });
  assert.equal(heard, 0);
  store.dispatch({ type: 'connection/changed', connection: 'live' });
  assert.equal(heard, 1);
  stop();
  store.dispatch({ type: 'connection/changed', connection: 'offline' });
  assert.equal(heard, 1);
});
