import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DependencyUnavailable } from '@sori/stream';
import { VirtualClock } from '@sori/stream/memory';
import type { Queryable } from '../connection/queryable.ts';
import { silentLogger } from '../testing/index.ts';
import { createRelayWaker } from './relay-waker.ts';

/** A database that counts notifications, and answers them when it is told to. */
function createSlowDatabase() {
  const waiting: PromiseWithResolvers<void>[] = [];
  const pool: Queryable = {
    async query() {
      const answer = Promise.withResolvers<void>();
      waiting.push(answer);
      await answer.promise;
      return { rows: [], rowCount: 1, command: 'SELECT' };
    },
  };
  return { pool, waiting };
}

describe('waking the relay', () => {
  test('many wakes at a time are one notification', async () => {
    const clock = new VirtualClock();
    const { pool, waiting } = createSlowDatabase();
    const waker = createRelayWaker({ pool, logger: silentLogger, clock });
    for (let n = 0; n < 100; n++) waker.wake();
    assert.equal(waiting.length, 0);
    await clock.advance(5);
    assert.equal(waiting.length, 1);
    await clock.advance(1_000);
    assert.equal(waiting.length, 1);
  });

  test('a wake while one is on its way is followed by one more', async () => {
    const clock = new VirtualClock();
    const { pool, waiting } = createSlowDatabase();
    const waker = createRelayWaker({ pool, logger: silentLogger, clock });
    waker.wake();
    await clock.advance(5);
    waker.wake();
    waker.wake();
    await clock.advance(1_000);
    assert.equal(waiting.length, 1);
    waiting[0]?.resolve();
    await clock.advance(5);
    assert.equal(waiting.length, 2);
    waiting[1]?.resolve();
    await clock.advance(1_000);
    assert.equal(waiting.length, 2);
  });

  test('a failure is the end of that wake only', async () => {
    const clock = new VirtualClock();
    const { pool, waiting } = createSlowDatabase();
    const waker = createRelayWaker({ pool, logger: silentLogger, clock });
    waker.wake();
    await clock.advance(5);
    waiting[0]?.reject(new DependencyUnavailable('postgres'));
    await clock.settle();
    waker.wake();
    await clock.advance(5);
    assert.equal(waiting.length, 2);
  });
});
