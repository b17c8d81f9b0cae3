import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { type InputValue, readData } from './read-data.ts';

const read = (data: string, ...chunks: readonly string[]): Promise<readonly InputValue[]> =>
  Array.fromAsync(readData(data, Readable.from(chunks)));

describe('readData', () => {
  test('takes the text of --data', async () => {
    assert.deepEqual(await read('{"a":1}'), [{ value: { a: 1 }, place: '--data' }]);
  });

  test('takes a value a line from standard input, whatever the chunks', async () => {
    assert.deepEqual(await read('-', '{"a":1}\n\n{"a"', ':2}\r\n', '3'), [
      { value: { a: 1 }, place: 'line 1' },
      { value: { a: 2 }, place: 'line 3' },
      { value: 3, place: 'line 4' },
    ]);
  });

  test('takes one pretty-printed document', async () => {
    const text = JSON.stringify({ a: { b: [1] } }, null, 2);
    assert.deepEqual(await read('-', text), [
      { value: { a: { b: [1] } }, place: 'standard input' },
    ]);
  });

  test('gives nothing of nothing', async () => {
    assert.deepEqual(await read('-', '\n'), []);
  });

  test('says where something is not JSON, after what came before it', async () => {
    const seen: unknown[] = [];
    const reading = async () => {
      for await (const { value } of readData('-', Readable.from(['1\n{"a":\n2\n']))) {
        seen.push(value);
      }
    };
    await assert.rejects(reading, { code: 'CLI_NOT_JSON', message: /^line 2 is not JSON: / });
    assert.deepEqual(seen, [1]);
    await assert.rejects(read('{'), { message: /^--data is not JSON: / });
  });
});
