import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssignableMember, Assignor } from '../assignor/assignor.ts';
import { LogError } from '../errors.ts';
import { LONG_SESSION_MS } from './changes.ts';
import type { ConformanceLog, OpenConformanceLog } from './conformance-log.ts';
import { freshGroup, RecordingMember } from './recording-member.ts';
import { roundRobin } from './round-robin.ts';

export function membershipTests(open: OpenConformanceLog): void {
  test('a member alone gets every partition, and nothing is committed yet', async () => {
    await using log = await open();
    const topics = [await log.createTopic(2), await log.createTopic(1)];
    const before = Date.now();
    const alone = memberOf(log, freshGroup(), topics, 'a');
    await alone.member.join();
    assert.deepEqual(alone.log, ['assigned']);
    assert.deepEqual(
      alone.partitions,
      [`${topics[0]}-0`, `${topics[0]}-1`, `${topics[1]}-0`].sort(),
    );
    assert.deepEqual(
      alone.lastAssignment?.partitions.map(({ committed }) => committed),
      [undefined, undefined, undefined],
    );
    assert.equal(alone.lastAssignment?.continuous, false);
    assert.ok(alone.member.lastHeartbeatAt >= before);
    await alone.member.leave();
  });

  test('committed offsets reach whoever has the partition next', async () => {
    await using log = await open();
    const topic = await log.createTopic(3);
    const group = freshGroup();
    const first = memberOf(log, group, [topic], 'a');
    await first.member.join();
    await first.member.commit([
      { topic, partition: 0, offset: 5 },
      { topic, partition: 2, offset: 1 },
    ]);
    await first.member.commit([{ topic, partition: 0, offset: 7 }]);
    await first.member.leave();

    const second = memberOf(log, group, [topic], 'b');
    await second.member.join();
    const committed = second.lastAssignment?.partitions
      .toSorted((a, b) => a.partition - b.partition)
      .map((partition) => partition.committed);
    assert.deepEqual(committed, [7, undefined, 1]);
    await second.member.leave();
  });

  test('another member joins: revoking is awaited, may commit, and then all have their share', async () => {
    await using log = await open();
    const topic = await log.createTopic(4);
    const group = freshGroup();
    const first = memberOf(log, group, [topic], 'a');
    await first.member.join();

    const letGo = Promise.withResolvers<void>();
    first.onRevoking = async () => {
      await letGo.promise;
      await first.member.commit([{ topic, partition: 1, offset: 9 }]);
    };
    const second = memberOf(log, group, [topic], 'b');
    const joined = second.member.join();
    await first.until(() => first.log.includes('revoking'), 'the first member is asked to let go');
    assert.deepEqual(second.log, []);
    assert.deepEqual(first.log, ['assigned', 'revoking']);
    letGo.resolve();
    await joined;
    await first.untilPartitions(2);

    assert.deepEqual(first.log, ['assigned', 'revoking', 'revoked', 'assigned']);
    assert.deepEqual(first.partitions, [`${topic}-0`, `${topic}-2`]);
    assert.deepEqual(second.partitions, [`${topic}-1`, `${topic}-3`]);
    assert.equal(first.lastAssignment?.generation, second.lastAssignment?.generation);
    assert.equal(first.lastAssignment?.continuous, true);
    assert.equal(second.lastAssignment?.continuous, false);
    const handedOver = second.lastAssignment?.partitions.find(({ partition }) => partition === 1);
    assert.equal(handedOver?.committed, 9);
    await Promise.all([first.member.leave(), second.member.leave()]);
  });

  test('a member that leaves hands over at once, not at the end of its session', async () => {
    await using log = await open();
    const topic = await log.createTopic(2);
    const group = freshGroup();
    const stays = memberOf(log, group, [topic], 'a');
    const leaves = memberOf(log, group, [topic], 'b');
    await stays.member.join();
    await leaves.member.join();
    await stays.untilPartitions(1);
    await leaves.member.leave();
    await stays.untilPartitions(2);
    assert.equal(stays.lastAssignment?.continuous, true);
    await stays.member.leave();
  });

  test('a member that was thrown out loses everything, cannot commit, and joins again', async () => {
    await using log = await open();
    const topic = await log.createTopic(2);
    const group = freshGroup();
    const member = memberOf(log, group, [topic], 'a');
    await member.member.join();
    await member.member.commit([{ topic, partition: 0, offset: 3 }]);
    let refusal: Promise<unknown> | undefined;
    member.onLost = () => {
      refusal = member.member.commit([{ topic, partition: 0, offset: 4 }]).catch((error) => error);
    };
    await log.removeMember(group, 'a');
    await member.until(() => member.losses.length > 0, 'the member hears that it lost everything');
    const error = await refusal;
    assert.ok(error instanceof LogError);
    assert.equal(error.reason, 'fenced');
    assert.equal(error.outcome, 'not-stored');

    await member.untilPartitions(2);
    assert.equal(member.lastAssignment?.continuous, false);
    const first = member.lastAssignment?.partitions.find(({ partition }) => partition === 0);
    assert.equal(first?.committed, 3);
    await member.member.leave();
  });

  test('members read different topics: the assignor sees which, and each gets only its own', async () => {
    await using log = await open();
    const [both, mine, yours] = [
      await log.createTopic(2),
      await log.createTopic(1),
      await log.createTopic(1),
    ];
    const group = freshGroup();
    const { assignor, seen } = recordingAssignor();
    const a = memberOf(log, group, [both, mine], 'a', assignor);
    const b = memberOf(log, group, [both, yours], 'b', assignor);
    await a.member.join();
    await b.member.join();
    await a.untilPartitions(2);
    assert.deepEqual(a.partitions, [`${both}-0`, `${mine}-0`].sort());
    assert.deepEqual(b.partitions, [`${both}-1`, `${yours}-0`].sort());
    const members = seen.at(-1)?.members.toSorted((x, y) => (x.name < y.name ? -1 : 1));
    assert.deepEqual(
      members?.map(({ name, topics }) => [name, topics.toSorted()]),
      [
        ['a', [both, mine].sort()],
        ['b', [both, yours].sort()],
      ],
    );
    assert.deepEqual(
      seen.at(-1)?.topics.toSorted((x, y) => (x.name < y.name ? -1 : 1)),
      [
        { name: both, partitions: 2 },
        { name: mine, partitions: 1 },
        { name: yours, partitions: 1 },
      ].sort((x, y) => (x.name < y.name ? -1 : 1)),
    );
    await Promise.all([a.member.leave(), b.member.leave()]);
  });

  test('more members than partitions: one of them has none, and is told so', async () => {
    await using log = await open();
    const topic = await log.createTopic(1);
    const group = freshGroup();
    const a = memberOf(log, group, [topic], 'a');
    const b = memberOf(log, group, [topic], 'b');
    await a.member.join();
    await b.member.join();
    assert.deepEqual(b.partitions, []);
    await a.until(() => a.assignments.length === 2, 'the first member has its new assignment');
    assert.deepEqual(a.partitions, [`${topic}-0`]);
    await a.member.leave();
    await b.untilPartitions(1);
    await b.member.leave();
  });

  test('partitions that a topic gains are given out', async () => {
    await using log = await open();
    const topic = await log.createTopic(1);
    const member = memberOf(log, freshGroup(), [topic], 'a');
    await member.member.join();
    assert.deepEqual(member.partitions, [`${topic}-0`]);
    await log.growTopic(topic, 3);
    await member.untilPartitions(3);
    assert.deepEqual(member.log.slice(0, 3), ['assigned', 'revoking', 'revoked']);
    await member.member.leave();
  });

  test('a member that has left hears nothing more and cannot commit', async () => {
    await using log = await open();
    const topic = await log.createTopic(1);
    const group = freshGroup();
    const left = memberOf(log, group, [topic], 'a');
    await left.member.join();
    await left.member.leave();
    await left.member.leave();
    const next = memberOf(log, group, [topic], 'b');
    await next.member.join();
    assert.deepEqual(left.log, ['assigned']);
    await assert.rejects(
      left.member.commit([{ topic, partition: 0, offset: 1 }]),
      (error: unknown) => error instanceof LogError && error.reason === 'fenced',
    );
    await next.member.leave();
  });

  test('joining can be given up', async () => {
    await using log = await open();
    const topic = await log.createTopic(1);
    const { member } = memberOf(log, freshGroup(), [topic], 'a');
    const reason = new Error('given up');
    await assert.rejects(member.join(AbortSignal.abort(reason)), (error) => error === reason);
    await member.leave();
  });
}

function memberOf(
  log: ConformanceLog,
  group: string,
  topics: readonly string[],
  memberName: string,
  assignor?: Assignor,
): RecordingMember {
  return new RecordingMember(log.coordinator(), {
    group,
    topics,
    memberName,
    sessionTimeoutMs: LONG_SESSION_MS,
    ...(assignor === undefined ? {} : { assignor }),
  });
}

function recordingAssignor() {
  const seen: {
    readonly members: readonly AssignableMember[];
    readonly topics: readonly { readonly name: string; readonly partitions: number }[];
  }[] = [];
  const assignor: Assignor = {
    name: roundRobin.name,
    assign(members, topics) {
      seen.push({
        members: members.map(({ id, name, topics: own }) => ({ id, name, topics: [...own] })),
        topics: topics.map(({ name, partitions }) => ({ name, partitions })),
      });
      return roundRobin.assign(members, topics);
    },
  };
  return { assignor, seen };
}
