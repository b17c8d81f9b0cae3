import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type EventStreamBlock, readEventStream } from './event-stream.ts';

async function read(...chunks: readonly string[]): Promise<readonly EventStreamBlock[]> {
  async function* stream(): AsyncGenerator<string> {
    yield* chunks;
  }
  return await Array.fromAsync(readEventStream(stream()));
}

const TEXT =
  'retry: 1500\nid: 0.0.0\n\n: comment\n\nid: 1.0.0\nevent: a.b.c\ndata: {"x":1}\ndata: 2\n\nid: 1.1.0\n\n';

test('a block without data still moves the position', async () => {
  const blocks = await read(TEXT);
  assert.deepEqual(
    blocks.map(({ id, data }) => [id, data]),
    [
      ['0.0.0', undefined],
      [undefined, undefined],
      ['1.0.0', '{"x":1}\n2'],
      ['1.1.0', undefined],
    ],
  );
  assert.equal(blocks[0]?.retry, 1500);
  assert.equal(blocks[2]?.event, 'a.b.c');
});

test('a block that was cut off is no block', async () => {
  assert.deepEqual(await read('data: 1'), []);
  assert.deepEqual(await read('data: 1\n'), []);
});

test('cuts and line ends make no difference', async () => {
  const whole = await read(TEXT);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(TEXT.length), { maxLength: 12 }),
      fc.constantFrom('\n', '\r\n'),
      async (cuts, lineEnd) => {
        const text = TEXT.replaceAll('\n', lineEnd);
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        const chunks = at.slice(1).map((end, index) => text.slice(at[index], end));
        assert.deepEqual(await read(...chunks), whole);
      },
    ),
  );
});
