import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMemoryLog, VirtualClock } from '@sori/stream/memory';
import { readRecordTimes } from './read-record-times.ts';

const TOPIC = 'message.events';
const READ_MS = 2_000;
const RECORD = { key: null, value: Buffer.from('x'), headers: [] };
const at = (partition: number, offset: number) => ({ topic: TOPIC, partition, offset });

describe('when records were written', () => {
  /** A log with a record a second in each of two partitions, ten in all. */
  async function setUp() {
    const clock = new VirtualClock(0);
    const log = createMemoryLog({ topics: { [TOPIC]: 2 }, clock });
    for (let second = 0; second < 10; second++) {
      for (const partition of [0, 1]) log.store({ topic: TOPIC, partition }, [RECORD]);
      await clock.advance(1_000);
    }
    const read = (positions: readonly ReturnType<typeof at>[], signal?: AbortSignal) =>
      readRecordTimes(positions, { reader: log.reader(), readMs: READ_MS, clock, signal });
    return { clock, log, read };
  }

  test('is read for several places of several partitions at once', async () => {
    const { read } = await setUp();
    const positions = [at(0, 2), at(0, 7), at(0, 3), at(1, 9)];
    const times = await read(positions);
    assert.deepEqual(
      positions.map((position) => times.get(position)),
      [2_000, 7_000, 3_000, 9_000],
    );
  });

  test('of a record that retention removed is that of the first one left', async () => {
    const { log, read } = await setUp();
    log.faults.deleteBefore({ topic: TOPIC, partition: 0, offset: 5 });
    const position = at(0, 2);
    assert.equal((await read([position])).get(position), 5_000);
  });

  test('stays unknown where it cannot be read in time, and the rest is known', async () => {
    const { clock, log, read } = await setUp();
    using _away = log.faults.makeUnavailable({ topic: TOPIC, partition: 0 });
    const [away, known] = [at(0, 2), at(1, 2)];
    const reading = read([away, known]);
    await clock.advance(READ_MS);
    assert.deepEqual([...(await reading)], [[known, 2_000]]);
  });

  test('is not waited for once the caller stops', async () => {
    const { log, read } = await setUp();
    using _away = log.faults.makeUnavailable({ topic: TOPIC, partition: 0 });
    assert.equal((await read([at(0, 2)], AbortSignal.abort())).size, 0);
    const stopping = new AbortController();
    const reading = read([at(0, 2)], stopping.signal);
    stopping.abort();
    assert.equal((await reading).size, 0);
  });
});
