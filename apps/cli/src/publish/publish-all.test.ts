import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { catalog, profileUpdated } from '@sori/chat-events';
import { createPublisher, LogError } from '@sori/stream';
import { createMemoryLog } from '@sori/stream/memory';
import { createLogger } from '@sori/telemetry';
import { publishAll } from './publish-all.ts';
import type { InputValue } from './read-data.ts';

const TOPIC = profileUpdated.topic.name;

async function* valuesOf(...values: readonly unknown[]): AsyncGenerator<InputValue> {
  for (const [index, value] of values.entries()) yield { value, place: `line ${index + 1}` };
}

const person = (userId: string) => ({ userId, displayName: userId });

/** Publishes to a topic of one partition; gives the ids' keys that were told of. */
async function run(values: AsyncIterable<InputValue>, prepare?: (log: Log) => void) {
  await using log = createMemoryLog({ topics: { [TOPIC]: 1 } });
  prepare?.(log);
  const logger = createLogger({ service: 'test', level: 'silent' });
  await using publisher = createPublisher({ catalog, log: log.writer(), source: '/test', logger });
  const offsets: number[] = [];
  const { signal } = new AbortController();
  let failure: unknown;
  try {
    const definition = profileUpdated;
    const onPublished = ({ offset }: { readonly offset: number }) => offsets.push(offset);
    await publishAll(values, { publisher, definition, attributes: {}, onPublished, signal });
  } catch (error) {
    failure = error;
  }
  const keys = log.records(TOPIC).map(({ key }) => key?.toString());
  return { offsets, keys, failure };
}

type Log = ReturnType<typeof createMemoryLog>;

describe('publishAll', () => {
  test('publishes in order and tells of each', async () => {
    const many = Array.from({ length: 2_500 }, (_, index) => person(`u${index}`));
    const { offsets, keys, failure } = await run(valuesOf(...many));
    assert.equal(failure, undefined);
    assert.deepEqual(
      keys,
      many.map(({ userId }) => userId),
    );
    assert.deepEqual(
      offsets,
      many.map((_, index) => index),
    );
  });

  test('ends at the first that is no event, with what came before stored', async () => {
    const values = valuesOf(person('u1'), person('u2'), { userId: 7 }, person('u3'));
    const { offsets, keys, failure } = await run(values);
    assert.deepEqual(
      [offsets, keys],
      [
        [0, 1],
        ['u1', 'u2'],
      ],
    );
    assert.ok(failure instanceof Error && 'code' in failure);
    assert.equal(failure.code, 'CLI_DATA_INVALID');
    assert.match(
      failure.message,
      /^line 3 is not the data of user\.profile\.updated:\n.*\/userId/s,
    );
  });

  test('ends with what the log says', async () => {
    const target = { topic: TOPIC, partition: 0 };
    const { keys, failure } = await run(valuesOf(person('u1')), (log) => {
      log.faults.failNextAppend(target, new LogError('not-authorized', 'no'));
    });
    assert.deepEqual(keys, []);
    assert.ok(failure instanceof Error && 'code' in failure);
    assert.equal(failure.code, 'STREAM_DELIVERY_FAILED');
  });
});
