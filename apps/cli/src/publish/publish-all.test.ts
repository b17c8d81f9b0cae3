import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { catalog, profileUpdated } from '@sori/chat-events';
import { decodeEvent, partitionForKey } from '@sori/contract';
import { createPublisher, LogError } from '@sori/stream';
import { createMemoryLog } from '@sori/stream/memory';
import { createLogger } from '@sori/telemetry';
import { publishAll } from './publish-all.ts';
import type { InputValue } from './read-data.ts';

const TOPIC = profileUpdated.topic.name;

async function* valuesOf(...values: readonly unknown[]): AsyncGenerator<InputValue> {
  for (const [index, value] of values.entries()) yield { value, place: `line ${index + 1}` };
}

/** All of one key, so on one partition. */
const named = (displayName: string) => ({ userId: 'u1', displayName });
const PARTITION = partitionForKey(Buffer.from('u1'), profileUpdated.topic.partitions);

/** Publishes to an empty topic; gives the offsets that were told of, and the names that are stored. */
async function run(values: AsyncIterable<InputValue>, prepare?: (log: Log) => void) {
  await using log = createMemoryLog({ topics: { [TOPIC]: profileUpdated.topic.partitions } });
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
  const names = log
    .records(TOPIC)
    .map((record) => decodeEvent(record, catalog.findEvent).data)
    .map((data) => (data as ReturnType<typeof named>).displayName);
  return { offsets, names, failure };
}

type Log = ReturnType<typeof createMemoryLog>;

describe('publishAll', () => {
  test('publishes in order and tells of each', async () => {
    const many = Array.from({ length: 2_500 }, (_, index) => named(`n${index}`));
    const { offsets, names, failure } = await run(valuesOf(...many));
    assert.equal(failure, undefined);
    assert.deepEqual(
      names,
      many.map(({ displayName }) => displayName),
    );
    assert.deepEqual(
      offsets,
      many.map((_, index) => index),
    );
  });

  test('ends at the first that is no event, with what came before stored', async () => {
    const values = valuesOf(named('a'), named('b'), { userId: 7 }, named('c'));
    const { offsets, names, failure } = await run(values);
    assert.deepEqual(
      [offsets, names],
      [
        [0, 1],
        ['a', 'b'],
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
    const target = { topic: TOPIC, partition: PARTITION };
    const { names, failure } = await run(valuesOf(named('a')), (log) => {
      log.faults.failNextAppend(target, new LogError('not-authorized', 'no'));
    });
    assert.deepEqual(names, []);
    assert.ok(failure instanceof Error && 'code' in failure);
    assert.equal(failure.code, 'STREAM_DELIVERY_FAILED');
  });
});
