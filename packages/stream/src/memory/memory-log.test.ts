import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RecordingMember } from '../conformance/recording-member.ts';
import { RecordingSink } from '../conformance/recording-sink.ts';
import { record, records } from '../conformance/records.ts';
import { LogError } from '../errors.ts';
import { watch } from '../fixtures/publisher-rig.ts';
import { createMemoryLog } from './memory-log.ts';
import { VirtualClock } from './virtual-clock.ts';

const TOPIC = 'note.events';
const FIRST = { topic: TOPIC, partition: 0 };
const SESSION_MS = 10_000;

function rig(partitions = 2) {
  const clock = new VirtualClock();
  const log = createMemoryLog({ topics: { [TOPIC]: partitions }, clock });
  const member = (memberName: string) =>
    new RecordingMember(log.coordinator(), {
      group: 'g',
      topics: [TOPIC],
      memberName,
      sessionTimeoutMs: SESSION_MS,
    });
  return { clock, log, member };
}

describe('faults of a partition', () => {
  test('an append that is refused stores nothing, one whose answer is lost stores', async () => {
    const { log } = rig();
    const writer = log.writer();
    log.faults.failNextAppend(FIRST, new LogError('unavailable', 'refused'));
    log.faults.loseNextAcknowledgement(FIRST);
    for (const [outcome, stored] of [
      ['not-stored', 0],
      ['unknown', 2],
    ] as const) {
      await using lane = await writer.openPartition(FIRST, { compression: 'none' });
      await assert.rejects(
        lane.append(records(2)),
        (error: unknown) => error instanceof LogError && error.outcome === outcome,
      );
      assert.equal(log.records(TOPIC, 0).length, stored);
    }
  });

  test('held appends wait and are stored afterwards, unless their writer is gone', async () => {
    const { clock, log } = rig();
    const writer = log.writer();
    const lane = await writer.openPartition(FIRST, { compression: 'none' });
    const hold = log.faults.holdAppends(FIRST);
    const waits = watch(lane.append([record('waits')]));
    await assert.rejects(lane.append([record('second')]), LogError);
    await clock.settle();
    assert.deepEqual([waits.settled, log.records(TOPIC).length], [false, 0]);
    hold[Symbol.dispose]();
    await clock.settle();
    assert.deepEqual(waits.value, { baseOffset: 0 });

    const again = log.faults.holdAppends(FIRST);
    const given = watch(lane.append([record('given up')]));
    await lane[Symbol.asyncDispose]();
    again[Symbol.dispose]();
    await clock.settle();
    assert.ok(given.error instanceof LogError && given.error.outcome === 'unknown');
    assert.equal(log.records(TOPIC).length, 1);
  });

  test('without a leader nothing is written or read; readers hear of it, and of its end, once', async () => {
    const { clock, log } = rig();
    const sink = new RecordingSink();
    const reader = log.reader();
    reader.open({ sink }).assign({ ...FIRST, offset: 0 });
    await clock.settle();
    const away = log.faults.makeUnavailable(FIRST);
    await clock.settle();
    await assert.rejects(log.writer().openPartition(FIRST, { compression: 'none' }), LogError);
    await assert.rejects(reader.listOffsets([TOPIC], 'latest'), LogError);
    assert.throws(() => log.store(FIRST, [record('no')]), LogError);
    away[Symbol.dispose]();
    log.store(FIRST, [record('yes')]);
    await clock.settle();
    assert.deepEqual([sink.failures.length, sink.recoveries.length], [1, 1]);
    assert.deepEqual(sink.offsetsOf(FIRST), [0]);
  });

  test('a truncated log sends readers back to its end', async () => {
    const { clock, log } = rig();
    log.store(FIRST, records(5));
    const sink = new RecordingSink();
    log
      .reader()
      .open({ sink })
      .assign({ ...FIRST, offset: 0 });
    await clock.settle();
    log.faults.truncate({ ...FIRST, offset: 3 });
    await clock.settle();
    log.store(FIRST, [record('another 3')]);
    await clock.settle();
    assert.deepEqual(sink.outOfRanges, [{ partition: FIRST, position: 5, resumeAt: 3 }]);
    assert.deepEqual(sink.offsetsOf(FIRST), [0, 1, 2, 3, 4, 3]);
  });

  test('what is stored is a copy', () => {
    const { log } = rig();
    const value = Buffer.from('before');
    log.store(FIRST, [{ key: null, value, headers: [{ key: 'h', value }] }]);
    value.write('after!');
    const [stored] = log.records(TOPIC);
    assert.equal(stored?.value?.toString(), 'before');
    assert.equal(stored?.headers[0]?.value.toString(), 'before');
  });
});

describe('groups', () => {
  test('a silent member is out when its session ends, and its commits are refused before that', async () => {
    const { clock, log, member } = rig();
    const silent = member('a');
    const heir = member('b');
    await silent.member.join();
    void heir.member.join();
    await clock.advance(1_000);
    assert.equal(silent.partitions.length, 1);
    const isolation = log.faults.isolateMember('g', 'a');
    const commit = () => silent.member.commit([{ ...FIRST, offset: 1 }]);
    await assert.rejects(commit(), { reason: 'unavailable' });
    await clock.advance(SESSION_MS / 2 + 1);
    await assert.rejects(commit(), { reason: 'fenced' });
    assert.deepEqual(heir.partitions.length, 1);
    await clock.advance(SESSION_MS / 2);
    assert.equal(heir.partitions.length, 2);
    assert.equal(silent.losses.length, 1);
    isolation[Symbol.dispose]();
    await clock.advance(1_000);
    assert.equal(silent.lastAssignment?.continuous, false);
    assert.equal(silent.partitions.length + heir.partitions.length, 2);
    await Promise.all([silent.member.leave(), heir.member.leave()]);
    assert.equal(log.group('g').state, 'empty');
    assert.equal(clock.pendingTimers, 0);
  });

  test('a member that does not let go within the rebalance timeout is out', async () => {
    const { clock, log, member } = rig();
    const stuck = member('a');
    const heir = member('b');
    await stuck.member.join();
    const letGo = Promise.withResolvers<void>();
    stuck.onRevoking = () => letGo.promise;
    const joined = watch(heir.member.join());
    await clock.advance(14_999);
    assert.equal(joined.settled, false);
    await clock.advance(1);
    assert.equal(heir.partitions.length, 2);
    assert.equal(stuck.losses.length, 1);
    letGo.resolve();
    await clock.advance(1_000);
    assert.deepEqual([stuck.partitions.length, heir.partitions.length], [1, 1]);
    await assert.rejects(stuck.member.join(), LogError);
    await log[Symbol.asyncDispose]();
  });

  test('another assignor is refused; a commit can be made to fail', async () => {
    const { clock, log, member } = rig();
    const first = member('a');
    await first.member.join();
    const other = new RecordingMember(log.coordinator(), {
      group: 'g',
      topics: [TOPIC],
      memberName: 'b',
      sessionTimeoutMs: SESSION_MS,
      assignor: { name: 'another', assign: () => new Map() },
    });
    await assert.rejects(other.member.join(), { reason: 'rejected' });
    log.faults.failNextCommit('g', new LogError('timed-out', 'no answer'));
    await assert.rejects(first.member.commit([{ ...FIRST, offset: 4 }]), { reason: 'timed-out' });
    await first.member.commit([{ ...FIRST, offset: 4 }]);
    assert.deepEqual(log.group('g').committedOffsets, [{ ...FIRST, offset: 4 }]);
    await clock.settle();
  });

  test('joining can be given up while it waits for others', async () => {
    const { clock, log, member } = rig();
    const first = member('a');
    await first.member.join();
    const letGo = Promise.withResolvers<void>();
    first.onRevoking = () => letGo.promise;
    const second = member('b');
    const abort = new AbortController();
    const joined = watch(second.member.join(abort.signal));
    await clock.settle();
    const reason = new Error('enough');
    abort.abort(reason);
    await clock.settle();
    assert.equal(joined.error, reason);
    await second.member.leave();
    letGo.resolve();
    await clock.advance(1_000);
    assert.equal(first.partitions.length, 2);
    assert.deepEqual(second.log, []);
    assert.equal(log.group('g').members.length, 1);
  });
});
