import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LogReader } from '@sori/stream';
import { createMemoryLog, VirtualClock } from '@sori/stream/memory';
import { type Position, RecordTimes } from './record-times.ts';

const TOPIC = 'message.events';
const LIMITS = { readMs: 2_000, readRecords: 100 };
const RECORD = { key: null, value: Buffer.from('x'), headers: [] };

function at(partition: number, offset: number, topicId = 'first'): Position {
  return { topicId, topic: TOPIC, partition, offset };
}

describe('when records were written', () => {
  const never = new AbortController().signal;

  /** A log with a record a second in each of two partitions, ten in all, and how often it was read. */
  async function setUp(limits: Partial<typeof LIMITS> = {}) {
    const clock = new VirtualClock(0);
    const log = createMemoryLog({ topics: { [TOPIC]: 2 }, clock });
    for (let second = 0; second < 10; second++) {
      for (const partition of [0, 1]) log.store({ topic: TOPIC, partition }, [RECORD]);
      await clock.advance(1_000);
    }
    let opened = 0;
    const reader = log.reader();
    const counting: LogReader = {
      ...reader,
      open(options) {
        opened++;
        return reader.open(options);
      },
    };
    const times = new RecordTimes({ reader: counting, clock, limits: { ...LIMITS, ...limits } });
    return { clock, log, times, opened: () => opened };
  }

  test('is read from the log, for several places of several partitions at once', async () => {
    const { times } = await setUp();
    await times.learn([at(0, 2), at(0, 7), at(0, 3), at(1, 9)], never);
    assert.equal(times.timeOf(at(0, 2)), 2_000);
    assert.equal(times.timeOf(at(0, 3)), 3_000);
    assert.equal(times.timeOf(at(0, 7)), 7_000);
    assert.equal(times.timeOf(at(1, 9)), 9_000);
  });

  test('is read once, for as long as it is asked for', async () => {
    const { times, opened } = await setUp();
    await times.learn([at(0, 2)], never);
    await times.learn([at(0, 2)], never);
    assert.equal(opened(), 1);
    await times.learn([], never);
    assert.equal(times.timeOf(at(0, 2)), undefined);
  });

  test('is another one in a topic that was made anew', async () => {
    const { times } = await setUp();
    await times.learn([at(0, 2)], never);
    assert.equal(times.timeOf(at(0, 2, 'second')), undefined);
  });

  test('of a record that retention removed is that of the first one left', async () => {
    const { log, times } = await setUp();
    log.faults.deleteBefore({ topic: TOPIC, partition: 0, offset: 5 });
    await times.learn([at(0, 2)], never);
    assert.equal(times.timeOf(at(0, 2)), 5_000);
  });

  test('stays unknown where it cannot be read in time, and the rest is known', async () => {
    const { clock, log, times } = await setUp();
    using _away = log.faults.makeUnavailable({ topic: TOPIC, partition: 0 });
    const learning = times.learn([at(0, 2), at(1, 2)], never);
    await clock.advance(LIMITS.readMs);
    await learning;
    assert.equal(times.timeOf(at(0, 2)), undefined);
    assert.equal(times.timeOf(at(1, 2)), 2_000);
  });

  test('is read of no more records than the limit says', async () => {
    const { times } = await setUp({ readRecords: 1 });
    await times.learn([at(0, 2), at(1, 2)], never);
    assert.deepEqual([times.timeOf(at(0, 2)), times.timeOf(at(1, 2))], [2_000, undefined]);
    await times.learn([at(0, 2), at(1, 2)], never);
    assert.deepEqual([times.timeOf(at(0, 2)), times.timeOf(at(1, 2))], [2_000, 2_000]);
  });

  test('is not waited for once the monitor stops', async () => {
    const { log, times } = await setUp();
    using _away = log.faults.makeUnavailable({ topic: TOPIC, partition: 0 });
    await times.learn([at(0, 2)], AbortSignal.abort());
    assert.equal(times.timeOf(at(0, 2)), undefined);
  });
});
