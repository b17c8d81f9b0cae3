import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTurnstile } from './turnstile.ts';

test('one at a time, in order, and a failure stops nobody but its own', async () => {
  const oneAtATime = createTurnstile();
  const gates = Array.from({ length: 3 }, () => Promise.withResolvers<string>());
  const begun: number[] = [];
  const works = gates.map(({ promise }, n) =>
    oneAtATime(() => {
      begun.push(n);
      return promise;
    }),
  );
  gates[2]?.resolve('third');
  await Promise.resolve();
  assert.deepEqual(begun, [0]);
  const failed = assert.rejects(Promise.resolve(works[0]), /no/);
  gates[0]?.reject(new Error('no'));
  await failed;
  gates[1]?.resolve('second');
  assert.deepEqual(await Promise.all(works.slice(1)), ['second', 'third']);
  assert.deepEqual(begun, [0, 1, 2]);
});
