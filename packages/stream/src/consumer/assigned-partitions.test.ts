import assert from 'node:assert/strict';
import { test } from 'node:test';
import { record } from '../conformance/records.ts';
import { catalog, noteEvents, readers } from '../fixtures/catalog.ts';
import { RecordingLogger } from '../fixtures/recording-logger.ts';
import { RecordingConsumerMetrics } from '../fixtures/recording-metrics.ts';
import { VirtualClock } from '../memory/virtual-clock.ts';
import type { LogSubscription } from '../ports/log-reader.ts';
import type { TopicPartition } from '../ports/record.ts';
import { AssignedPartitions } from './assigned-partitions.ts';
import { Breaker, DEFAULT_BREAKER } from './breaker.ts';
import { DeadLetters } from './dead-letters.ts';
import { DEFAULT_LIMITS } from './options.ts';
import type { Dispatch } from './partition-runner.ts';
import { RecordRouter } from './record-routing.ts';
import { DEFAULT_RETRY } from './retry-policy.ts';

const FIRST = { topic: noteEvents.name, partition: 0 };
const KEY = `${FIRST.topic}/${FIRST.partition}`;

/** What no log in memory does by itself, but a real one may: deliver twice, late, or while paused. */
function rig() {
  const clock = new VirtualClock();
  const logger = new RecordingLogger();
  const metrics = new RecordingConsumerMetrics();
  const told: string[] = [];
  const tell =
    (what: string) =>
    ({ topic, partition }: TopicPartition): void => {
      told.push(`${what} ${topic}/${partition}`);
    };
  const subscription: LogSubscription = {
    assign: (start) => told.push(`assign ${start.topic}/${start.partition} at ${start.offset}`),
    unassign: tell('unassign'),
    pause: tell('pause'),
    resume: tell('resume'),
    async [Symbol.asyncDispose]() {},
  };
  const partitions = new AssignedPartitions({ now: () => clock.now(), logger, metrics });
  let dispatch: Dispatch = 'everything';
  partitions.connect({
    // Records without headers have no type: the group dead-letters them, which takes for ever here.
    router: new RecordRouter(catalog, readers, new Map()),
    deadLetters: new DeadLetters({
      group: readers.id,
      clock,
      publisher: { append: () => new Promise(() => {}) },
    }),
    breaker: new Breaker<TopicPartition>({
      options: DEFAULT_BREAKER,
      clock,
      logger,
      metrics,
      onChange() {},
    }),
    subscription,
    limits: { ...DEFAULT_LIMITS, undoneRecords: 2 },
    retry: DEFAULT_RETRY,
    autoCommit: false,
    clock,
    logger,
    metrics,
    dispatch: () => dispatch,
    onProgress() {},
    onIdle() {},
  });
  const assign = (continuous: boolean, generation: number, committed?: number): void =>
    partitions.replace({ generation, continuous, partitions: [{ ...FIRST, committed }] });
  const deliver = (from: number, count: number): void =>
    partitions.records({
      ...FIRST,
      records: Array.from({ length: count }, (_, index) => ({
        ...FIRST,
        ...record('value'),
        offset: from + index,
        timestamp: clock.now(),
      })),
      nextOffset: from + count,
      endOffset: from + count,
    });
  const health = () => partitions.runners.get(KEY)?.health();
  const stopDispatch = (): void => {
    dispatch = 'nothing';
  };
  return { partitions, told, logger, metrics, assign, deliver, health, stopDispatch };
}

test('after a gap in its generations a partition starts anew, its old pause included', () => {
  const { told, assign, deliver, health } = rig();
  assign(false, 1, 4);
  deliver(4, 2);
  assert.equal(health()?.paused, true);
  assign(false, 3, 5);
  assert.deepEqual(told, [
    `assign ${KEY} at 4`,
    `pause ${KEY}`,
    `unassign ${KEY}`,
    `assign ${KEY} at 5`,
  ]);
  assert.deepEqual([health()?.paused, health()?.undone, health()?.committed], [false, 0, 5]);
});

test('without a gap a partition keeps its position, and the subscription hears nothing', () => {
  const { told, assign, deliver, health } = rig();
  assign(false, 1, 4);
  deliver(4, 1);
  assign(true, 2, 4);
  assert.deepEqual(told, [`assign ${KEY} at 4`]);
  assert.equal(health()?.position, 5);
});

test('records that come again, or late, are taken once or not at all', () => {
  const { partitions, metrics, assign, deliver, health, stopDispatch } = rig();
  stopDispatch();
  assign(false, 1);
  deliver(0, 2);
  deliver(1, 2);
  assert.deepEqual([health()?.undone, health()?.position], [3, 3]);
  assert.deepEqual(
    metrics.calls.consumed.map(([, records]) => records),
    [2, 1],
  );
  partitions.clear(new Error('lost'));
  deliver(3, 1);
  assert.equal(partitions.runners.size, 0);
  assert.equal(metrics.calls.consumed.length, 2);
});

test('a log that was truncated while the partition was paused is read again from its new end', () => {
  const { partitions, told, assign, deliver, health } = rig();
  assign(false, 1, 4);
  deliver(4, 2);
  partitions.outOfRange({ partition: FIRST, position: 6, resumeAt: 3 });
  assert.equal(told.at(-1), `resume ${KEY}`);
  assert.deepEqual(
    [health()?.position, health()?.paused, health()?.committed],
    [3, false, undefined],
  );
});

test('trouble with a partition that is not ours any more does not count', () => {
  const { partitions, assign } = rig();
  assign(false, 1);
  const cause = new Error('away');
  partitions.failing({ partitions: [{ ...FIRST, partition: 1 }], cause });
  assert.equal(partitions.failingSince, undefined);
  partitions.failing({ partitions: [FIRST], cause });
  assert.notEqual(partitions.failingSince, undefined);
  partitions.clear(new Error('lost'));
  assert.equal(partitions.failingSince, undefined);
});
