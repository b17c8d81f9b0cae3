import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { defineCatalog } from '@sori/contract';
import { type GroupCoordinator, type LogError, loadWeighted } from '@sori/stream';
import { hasApiId } from '../errors.ts';
import { createNetworkFaults } from '../network-faults.ts';
import { createTestTopics, type TestTopics, testCluster } from '../test-topics.ts';
import { createGroupCoordinator } from './group-coordinator.ts';
import { GroupRequests } from './group-requests.ts';
import { createRecordingMember, type RecordingMember, untilShared } from './recording-member.ts';

/** Past it the group gives partitions away; the shortest that the test cluster allows is 1 s. */
const SESSION_MS = 1_500;

const assignor = loadWeighted(defineCatalog({ topics: [], events: [], groups: [] }));

describe('members of a group in trouble', () => {
  const cluster = testCluster();
  let topics: TestTopics;
  let healthy: GroupCoordinator;

  before(() => {
    topics = createTestTopics(cluster);
    healthy = createGroupCoordinator(cluster);
  });
  after(async () => {
    await healthy[Symbol.asyncDispose]();
    await topics[Symbol.asyncDispose]();
  });

  interface Failing {
    readonly drain?: () => Promise<void>;
    readonly sessionTimeoutMs?: number;
  }

  /** A group on a fresh topic of two partitions, with a member of which the network can fail. */
  async function withFailingMember(
    name: string,
    { drain, sessionTimeoutMs = SESSION_MS }: Failing = {},
  ) {
    const topic = await topics.create(2);
    const faults = createNetworkFaults();
    const lines: string[] = [];
    const note = (_fields: object, message: string): void => void lines.push(message);
    const logger = { ...cluster.logger, info: note, warn: note, child: () => logger };
    const given = {
      group: `group-${randomUUID()}`,
      topics: [topic],
      assignor,
      sessionTimeoutMs,
    };
    const coordinator = faults.run(() => createGroupCoordinator({ ...cluster, logger }));
    const failing = faults.run(() =>
      createRecordingMember({
        ...given,
        coordinator,
        name,
        ...(drain === undefined ? {} : { drain }),
      }),
    );
    await faults.run(() => failing.member.join());
    return {
      topic,
      both: [`${topic}/0`, `${topic}/1`],
      faults,
      failing,
      lines,
      other: (otherName: string) =>
        createRecordingMember({ ...given, coordinator: healthy, name: otherName }),
      async [Symbol.asyncDispose]() {
        faults.mend();
        faults.thaw();
        await coordinator[Symbol.asyncDispose]();
        faults[Symbol.dispose]();
      },
    };
  }

  test('a frozen member is replaced; the commit it had sent is refused when it arrives', async () => {
    await using given = await withFailingMember('a');
    const { both, failing, faults, topic } = given;
    await using other = given.other('b');
    await other.member.join();
    await untilShared([failing, other], both);
    const [owned] = failing.assignment().partitions;
    assert.ok(owned !== undefined);
    await failing.member.commit([{ topic, partition: owned.partition, offset: 3 }]);
    const before = failing.assignment().generation;

    faults.freeze();
    // On its way while the member is still of the group, as it well may be.
    const late = failing.member.commit([{ topic, partition: owned.partition, offset: 99 }]);
    const refused = assert.rejects(late, ({ reason, cause }: LogError) => {
      assert.equal(reason, 'fenced');
      assert.ok(hasApiId(cause, new Set(['UNKNOWN_MEMBER_ID'])), 'the broker itself refuses it');
      return true;
    });
    await other.events.until(() => other.owned().length === 2);
    const taken = other.assignment().partitions.map(({ committed }) => committed);
    assert.ok(taken.includes(3));
    await assert.rejects(
      failing.member.commit([{ topic, partition: owned.partition, offset: 99 }]),
      { reason: 'fenced', outcome: 'not-stored' },
    );
    faults.thaw();
    await refused;

    await failing.events.until(() => kinds(failing).includes('lost'));
    await failing.events.until(() => failing.owned().length === 1);
    await untilShared([failing, other], both);
    const again = failing.assignment();
    assert.ok(again.generation > before);
    assert.equal(again.continuous, false);
    const committed = [...again.partitions, ...other.assignment().partitions].map(
      (partition) => partition.committed,
    );
    assert.ok(committed.includes(3) && !committed.includes(99));
  });

  test('an outage shorter than its session costs a member nothing', async () => {
    await using given = await withFailingMember('a', { sessionTimeoutMs: 20_000 });
    const { failing, faults, lines, topic } = given;
    const { generation } = failing.assignment();
    const commit = (offset: number) =>
      faults.run(() => failing.member.commit([{ topic, partition: 0, offset }]));
    faults.cut();
    await assert.rejects(commit(1), { reason: 'unavailable', retryable: true });
    const cutOffAt = failing.member.lastHeartbeatAt;
    faults.mend();
    await commit(2);
    assert.ok(failing.member.lastHeartbeatAt > cutOffAt);
    assert.deepEqual(kinds(failing), ['assigned']);
    assert.equal(failing.assignment().generation, generation);
    assert.deepEqual(lines, []);
  });

  test('a member that is cut off loses everything, and comes back as another', async () => {
    await using given = await withFailingMember('a');
    const { both, failing, faults, lines } = given;
    faults.cut();
    await failing.events.until(() => kinds(failing).includes('lost'));
    assert.deepEqual(kinds(failing), ['assigned', 'lost']);
    await assert.rejects(failing.member.commit([{ topic: given.topic, partition: 0, offset: 1 }]), {
      reason: 'fenced',
    });
    // Long enough for joining to fail again: an outage is said once all the same.
    await using other = given.other('b');
    await other.member.join();
    await other.events.until(() => other.owned().length === 2);
    faults.mend();
    await failing.events.until(() => failing.owned().length === 1);
    await untilShared([failing, other], both);
    assert.deepEqual(kinds(failing), ['assigned', 'lost', 'assigned']);
    assert.equal(failing.assignment().continuous, false);
    assert.deepEqual(lines, ['not in the group; joining is tried again', 'in the group again']);
  });

  test('a member that is cut off while it lets go loses everything, and comes back', async () => {
    const cutOff = Promise.withResolvers<void>();
    await using given = await withFailingMember('a', {
      drain() {
        given.faults.cut();
        return cutOff.promise;
      },
    });
    const { both, failing, faults } = given;
    await using other = given.other('b');
    const joining = other.member.join();
    await failing.events.until(() => kinds(failing).includes('revoking'));
    cutOff.resolve();
    await failing.events.until(() => kinds(failing).includes('lost'));
    assert.deepEqual(kinds(failing), ['assigned', 'revoking', 'lost']);
    await joining;
    faults.mend();
    await failing.events.until(() => failing.owned().length === 1);
    await untilShared([failing, other], both);
    assert.equal(failing.assignment().continuous, false);
  });

  test('a member that hangs while it lets go is given up after the rebalance timeout', async () => {
    let hang = true;
    await using given = await withFailingMember('a', {
      drain: () => (hang ? new Promise<void>(() => {}) : Promise.resolve()),
    });
    const { both, failing } = given;
    await using other = given.other('b');
    await other.member.join();
    await failing.events.until(() => kinds(failing).includes('lost'));
    hang = false;
    await failing.events.until(() => failing.owned().length === 1);
    await untilShared([failing, other], both);
    assert.equal(failing.assignment().continuous, false);
  });

  test('a member that leaves while the group waits for others is not waited for', async () => {
    const letGo = Promise.withResolvers<void>();
    await using given = await withFailingMember('a', { drain: () => letGo.promise });
    const { both, failing } = given;
    const impatient = given.other('b');
    const joining = impatient.member.join();
    const gaveUp = assert.rejects(joining, { reason: 'fenced' });
    await failing.events.until(() => kinds(failing).includes('revoking'));
    await impatient.member.leave();
    await gaveUp;
    letGo.resolve();
    await failing.events.until(() => failing.owned().length === 2);
    assert.deepEqual(failing.owned(), both);
    assert.equal(failing.assignment().continuous, true);
    assert.deepEqual(impatient.events.all, []);
  });

  test('the coordinator refuses what is said in the name of another generation or member', async () => {
    await using given = await withFailingMember('a');
    const { topic, failing } = given;
    await using requests = new GroupRequests(cluster, given.failing.group);
    const described = await topics.admin.describeGroups({ groups: [given.failing.group] });
    const [member] = Array.from(described.get(given.failing.group)?.members.values() ?? []);
    assert.ok(member !== undefined);
    const { generation } = failing.assignment();
    const offsets = [{ topic, partition: 0, offset: 5 }];
    const current = { memberId: member.id, generation };
    for (const identity of [
      { ...current, generation: generation - 1 },
      { ...current, generation: generation + 1 },
      { ...current, memberId: `${member.id}x` },
    ]) {
      await assert.rejects(requests.commit(identity, offsets), { reason: 'fenced' });
      await assert.rejects(requests.heartbeat(identity), { reason: 'fenced' });
    }
    await requests.heartbeat(current);
    await requests.commit(current, offsets);
    const committed = await requests.committed([
      { topic, partition: 0 },
      { topic, partition: 1 },
    ]);
    assert.deepEqual(
      committed.map((partition) => partition.committed),
      [5, undefined],
    );
  });
});

function kinds(member: RecordingMember): readonly string[] {
  return member.events.all.map(({ kind }) => kind);
}
