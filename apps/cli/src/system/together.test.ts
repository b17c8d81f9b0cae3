import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aborted } from './lifetime.ts';
import { together } from './together.ts';

const NEVER = new AbortController().signal;

describe('together', () => {
  test('gives the results in order', async () => {
    assert.deepEqual(await together(NEVER, [async () => 1, async () => 'two']), [1, 'two']);
  });

  test('rejects with the first failure, after the others have ended', async () => {
    const order: string[] = [];
    const other = async (signal: AbortSignal): Promise<void> => {
      await aborted(signal);
      order.push('other has ended');
      throw new Error('aborted');
    };
    const failing = async (): Promise<void> => {
      order.push('one fails');
      throw new Error('no Java');
    };
    await assert.rejects(together(NEVER, [other, failing]), { message: 'no Java' });
    assert.deepEqual(order, ['one fails', 'other has ended']);
  });

  test('passes on the signal that it was given', async () => {
    const controller = new AbortController();
    const stopped = together(controller.signal, [
      async (signal) => {
        await aborted(signal);
        signal.throwIfAborted();
      },
    ]);
    controller.abort(new Error('Ctrl-C'));
    await assert.rejects(stopped, { message: 'Ctrl-C' });
  });
});
