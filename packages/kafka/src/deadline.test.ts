import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LogError } from '@sori/stream';
import { pause, retryWithin, within } from './deadline.ts';

const LONG_MS = 60_000;
const never = new Promise<never>(() => {});

describe('within', () => {
  test('gives what the work gives', async () => {
    const { signal } = new AbortController();
    assert.equal(await within(Promise.resolve(1), LONG_MS, signal, 'work'), 1);
  });

  test('rejects as unavailable when the time is over', async () => {
    const { signal } = new AbortController();
    await assert.rejects(within(never, 1, signal, 'work'), { reason: 'unavailable' });
  });

  test('rejects at once when closed', async () => {
    const closing = new AbortController();
    const work = within(never, LONG_MS, closing.signal, 'work');
    closing.abort();
    await assert.rejects(work, { reason: 'unavailable' });
    await assert.rejects(within(never, LONG_MS, closing.signal, 'work'), { reason: 'unavailable' });
  });
});

describe('retryWithin', () => {
  test('does not repeat what trying again cannot help', async () => {
    let tries = 0;
    const attempt = async () => {
      tries++;
      throw new LogError('unknown-topic', 'no such topic');
    };
    const { signal } = new AbortController();
    await assert.rejects(retryWithin(attempt, LONG_MS, signal, 'asking'), {
      reason: 'unknown-topic',
    });
    assert.equal(tries, 1);
  });

  test('tries again, and gives up as unavailable with the last error as its cause', async () => {
    const cause = new LogError('timed-out', 'no answer');
    const { signal } = new AbortController();
    await assert.rejects(
      retryWithin(() => Promise.reject(cause), 1, signal, 'asking'),
      { reason: 'unavailable', cause },
    );
    let tries = 0;
    const second = async () => {
      if (tries++ === 0) throw cause;
      return 'answer';
    };
    assert.equal(await retryWithin(second, LONG_MS, signal, 'asking'), 'answer');
  });
});

test('a pause ends when the signal aborts, and leaves no listener behind', async () => {
  const closing = new AbortController();
  const paused = pause(LONG_MS, closing.signal);
  closing.abort();
  await paused;
  await pause(LONG_MS, closing.signal);
});
