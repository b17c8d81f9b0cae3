import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRefresher } from './refresher.ts';

test('a burst asks twice: once at once, and once after the last who asked', async () => {
  let asked = 0;
  const answers: (() => void)[] = [];
  const refresher = createRefresher(
    () =>
      new Promise((resolve) => {
        asked += 1;
        answers.push(resolve);
      }),
    (error) => assert.fail(String(error)),
  );
  const first = refresher.refresh();
  const others = [refresher.refresh(), refresher.refresh(), refresher.refresh()];
  assert.equal(asked, 1);
  answers[0]?.();
  await first;
  await new Promise(setImmediate);
  assert.equal(asked, 2);
  answers[1]?.();
  await Promise.all(others);
  assert.equal(asked, 2);
});

test('what fails is told, and does not keep the next from being asked', async () => {
  const failures: unknown[] = [];
  const problem = new Error('no answer');
  let isDown = true;
  const refresher = createRefresher(
    async () => {
      if (isDown) throw problem;
    },
    (error) => failures.push(error),
  );
  await refresher.refresh();
  isDown = false;
  await refresher.refresh();
  assert.deepEqual(failures, [problem]);
});
