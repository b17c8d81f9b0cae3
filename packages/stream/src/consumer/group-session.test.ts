import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogError } from '../errors.ts';
import { watch } from '../fixtures/publisher-rig.ts';
import { RecordingLogger } from '../fixtures/recording-logger.ts';
import { RecordingConsumerMetrics } from '../fixtures/recording-metrics.ts';
import { VirtualClock } from '../memory/virtual-clock.ts';
import type { Assignment } from '../ports/membership.ts';
import { CommitLoop, type CommittablePartition } from './commit-loop.ts';
import { GroupSession, type SessionPartitions } from './group-session.ts';

/** Partitions whose state the test sets. */
class StubPartitions implements SessionPartitions {
  readonly names = ['note.events/0'];
  running = 0;
  readonly owned: CommittablePartition[] = [];
  /** Calls, in order. */
  readonly told: string[] = [];

  replace({ generation }: Assignment): void {
    this.told.push(`replace ${generation}`);
    this.owned.length = 0;
    this.owned.push({
      source: { topic: 'note.events', partition: 0 },
      committable: 5,
      committed: 4,
      markCommitted() {},
    });
  }

  clear(): void {
    this.told.push('clear');
    this.owned.length = 0;
    this.running = 0;
  }

  pump(): void {}
}

function rig() {
  const clock = new VirtualClock();
  const logger = new RecordingLogger();
  const metrics = new RecordingConsumerMetrics();
  const partitions = new StubPartitions();
  const answers: PromiseWithResolvers<void>[] = [];
  const commits = new CommitLoop({
    intervalMs: 300,
    everyRecords: 1_000,
    clock,
    logger,
    partitions: () => partitions.owned,
    commit() {
      const answer = Promise.withResolvers<void>();
      answers.push(answer);
      return answer.promise;
    },
  });
  const limits = { drainMs: 5_000, commitTimeoutMs: 3_000 };
  const session = new GroupSession({ partitions, commits, limits, clock, logger, metrics });
  const assign = (generation: number): void =>
    session.assigned({ generation, continuous: false, partitions: [] });
  return { clock, logger, partitions, commits, answers, session, assign };
}

test('a revoke waits for what runs and for its commit', async () => {
  const { clock, partitions, answers, session, assign } = rig();
  assign(1);
  partitions.running = 1;
  const revoked = watch(session.revoking());
  await clock.advance(1_000);
  assert.equal(session.dispatch, 'gaps');
  assert.equal(answers.length, 0);
  partitions.running = 0;
  session.idle();
  await clock.settle();
  assert.equal(session.dispatch, 'nothing');
  assert.equal(answers.length, 1);
  assert.equal(revoked.settled, false);
  answers[0]?.resolve();
  await clock.settle();
  assert.equal(revoked.settled, true);
});

test('neither a handler nor a commit that hangs holds a revoke up for longer than its time', async () => {
  const { clock, logger, partitions, session, assign } = rig();
  assign(1);
  partitions.running = 1;
  const revoked = watch(session.revoking());
  await clock.advance(7_999);
  assert.equal(revoked.settled, false);
  await clock.advance(1);
  assert.equal(revoked.settled, true);
  assert.deepEqual(logger.messages('warn'), [
    'handlers still run after the drain time; their records are not committed',
    'the last commit before letting go failed; records may be handled again',
  ]);
});

test('a drain that outlives its generation does not stand for the next, nor stop its commits', async () => {
  const { clock, partitions, commits, answers, session, assign } = rig();
  assign(1);
  const old = watch(session.revoking());
  await clock.settle();
  // Its commit hangs when the member is lost, and the next generation comes before the commit ends.
  session.lost(new LogError('fenced', 'thrown out'));
  assign(2);
  partitions.running = 1;
  const next = watch(session.revoking());
  answers[0]?.reject(new LogError('fenced', 'thrown out'));
  await clock.advance(1_000);
  assert.deepEqual([old.settled, next.settled], [true, false]);
  partitions.running = 0;
  session.idle();
  await clock.settle();
  answers[1]?.resolve();
  await clock.settle();
  assert.equal(next.settled, true);

  assign(3);
  const hung = watch(session.revoking());
  await clock.settle();
  session.lost(new LogError('fenced', 'thrown out'));
  assign(4);
  answers[2]?.reject(new LogError('fenced', 'thrown out'));
  await clock.settle();
  assert.equal(hung.settled, true);
  commits.progressed();
  await clock.advance(300);
  assert.equal(answers.length, 4);
});

test('stopped, it takes nothing more', async () => {
  const { clock, partitions, answers, session, assign } = rig();
  assign(1);
  const stopped = watch(session.stop());
  assign(2);
  await clock.settle();
  answers[0]?.resolve();
  await clock.settle();
  assert.equal(stopped.settled, true);
  assign(3);
  session.lost(new LogError('fenced', 'late'));
  await session.revoking();
  await session.stop();
  assert.equal(session.state, 'stopped');
  assert.deepEqual(partitions.told, ['replace 1', 'clear']);
});
