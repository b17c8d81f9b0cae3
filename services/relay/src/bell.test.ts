import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { VirtualClock } from '@sori/stream/memory';
import { Bell } from './bell.ts';

describe('bell', () => {
  test('a ring ends the wait', async () => {
    const clock = new VirtualClock();
    const bell = new Bell(clock);
    const waiting = bell.wait(1_000);
    bell.ring();
    assert.equal(await waiting, true);
    assert.equal(clock.pendingTimers, 0);
  });

  test('rings that nobody waited for end the next wait, once', async () => {
    const clock = new VirtualClock();
    const bell = new Bell(clock);
    bell.ring();
    bell.ring();
    assert.equal(await bell.wait(1_000), true);
    const waiting = bell.wait(1_000);
    await clock.advance(1_000);
    assert.equal(await waiting, false);
  });

  test('without a ring the time ends it', async () => {
    const clock = new VirtualClock();
    const waiting = new Bell(clock).wait(50);
    await clock.advance(49);
    assert.equal(clock.pendingTimers, 1);
    await clock.advance(1);
    assert.equal(await waiting, false);
  });
});
