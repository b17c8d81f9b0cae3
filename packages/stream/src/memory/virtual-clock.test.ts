import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from './virtual-clock.ts';

test('timers fire in the order of their times, of one time as they were set', async () => {
  const clock = new VirtualClock(1_000);
  const fired: string[] = [];
  const add = (name: string, ms: number) =>
    clock.setTimer(() => fired.push(`${name} at ${clock.now()}`), ms);
  add('c', 20);
  add('a', 10);
  add('b', 10);
  add('late', 31);
  await clock.advance(30);
  assert.deepEqual(fired, ['a at 1010', 'b at 1010', 'c at 1020']);
  assert.equal(clock.now(), 1_030);
  assert.equal(clock.pendingTimers, 1);
});

test('what a timer and its promises set off is part of the same time', async () => {
  const clock = new VirtualClock(0);
  const fired: number[] = [];
  const again = (): void => {
    fired.push(clock.now());
    void Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => clock.setTimer(again, 10));
  };
  again();
  await clock.advance(35);
  assert.deepEqual(fired, [0, 10, 20, 30]);
});

test('a cancelled timer does not fire', async () => {
  const clock = new VirtualClock(0);
  const timer = clock.setTimer(() => assert.fail('fired'), 10);
  timer.cancel();
  timer.cancel();
  {
    using _scoped = clock.setTimer(() => assert.fail('fired'), 10);
  }
  await clock.advance(100);
  assert.equal(clock.pendingTimers, 0);
});
