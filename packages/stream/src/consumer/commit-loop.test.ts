import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogError } from '../errors.ts';
import { watch } from '../fixtures/publisher-rig.ts';
import { RecordingLogger } from '../fixtures/recording-logger.ts';
import { VirtualClock } from '../memory/virtual-clock.ts';
import { CommitLoop, type CommittablePartition } from './commit-loop.ts';

class Progress implements CommittablePartition {
  readonly source = { topic: 'note.events', partition: 0 };
  committable = 0;
  committed: number | undefined = undefined;

  markCommitted(offset: number): void {
    this.committed = offset;
  }
}

function rig() {
  const clock = new VirtualClock();
  const logger = new RecordingLogger();
  const partition = new Progress();
  const calls: { readonly offset: number; readonly answer: PromiseWithResolvers<void> }[] = [];
  const loop = new CommitLoop({
    intervalMs: 300,
    everyRecords: 3,
    clock,
    logger,
    partitions: () => [partition],
    commit([offset]) {
      const answer = Promise.withResolvers<void>();
      calls.push({ offset: offset?.offset ?? -1, answer });
      return answer.promise;
    },
  });
  const progress = (to: number): void => {
    while (partition.committable < to) {
      partition.committable += 1;
      loop.progressed();
    }
  };
  return { clock, logger, partition, calls, loop, progress };
}

test('commits once in an interval, and not at all when nothing is new', async () => {
  const { clock, partition, calls, progress } = rig();
  progress(1);
  await clock.advance(299);
  assert.equal(calls.length, 0);
  progress(2);
  await clock.advance(1);
  assert.equal(calls[0]?.offset, 2);
  calls[0]?.answer.resolve();
  await clock.advance(10_000);
  assert.equal(calls.length, 1);
  assert.equal(partition.committed, 2);
});

test('commits after that many records, one commit at a time', async () => {
  const { clock, calls, progress } = rig();
  progress(3);
  assert.equal(calls[0]?.offset, 3);
  progress(9);
  await clock.advance(10_000);
  assert.equal(calls.length, 1);
  calls[0]?.answer.resolve();
  await clock.advance(300);
  assert.equal(calls[1]?.offset, 9);
});

test('a failed commit is made again with what is done by then, and said once', async () => {
  const { clock, logger, partition, calls, progress } = rig();
  progress(1);
  await clock.advance(300);
  calls[0]?.answer.reject(new LogError('fenced', 'rebalancing'));
  await clock.advance(300);
  calls[1]?.answer.reject(new LogError('fenced', 'rebalancing'));
  progress(2);
  await clock.advance(300);
  assert.equal(calls[2]?.offset, 2);
  calls[2]?.answer.resolve();
  await clock.settle();
  assert.equal(partition.committed, 2);
  assert.deepEqual(
    logger.lines.map(({ message }) => message),
    ['commit failed; it is tried again', 'commits succeed again'],
  );
});

test('a flush waits for what is in flight, then commits the rest', async () => {
  const { clock, calls, loop, progress } = rig();
  progress(3);
  progress(4);
  const flushed = watch(loop.flush(1_000));
  calls[0]?.answer.resolve();
  await clock.settle();
  assert.equal(flushed.settled, false);
  assert.equal(calls[1]?.offset, 4);
  calls[1]?.answer.resolve();
  await clock.settle();
  assert.equal(flushed.value, true);
});

test('a flush gives up after its time', async () => {
  const { clock, loop, progress } = rig();
  progress(1);
  const flushed = watch(loop.flush(1_000));
  await clock.advance(1_000);
  assert.equal(flushed.value, false);
});

test('suspended, it commits nothing of its own; resumed, it catches up', async () => {
  const { clock, calls, loop, progress } = rig();
  progress(1);
  loop.suspend();
  progress(8);
  await clock.advance(10_000);
  assert.equal(calls.length, 0);
  loop.resume();
  await clock.advance(300);
  assert.equal(calls[0]?.offset, 8);
});

test('disposed, it leaves no timer', () => {
  const { clock, loop, progress } = rig();
  progress(1);
  loop[Symbol.dispose]();
  assert.equal(clock.pendingTimers, 0);
});
