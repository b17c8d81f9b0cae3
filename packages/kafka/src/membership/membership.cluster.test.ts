import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { catalog as chatCatalog } from '@sori/chat-events';
import { defineCatalog, defineTopic } from '@sori/contract';
import { type GroupCoordinator, loadWeighted } from '@sori/stream';
import { createTestTopics, type TestTopics, testCluster } from '../test-topics.ts';
import { createGroupCoordinator } from './group-coordinator.ts';
import {
  createRecordingMember,
  type RecordingMember,
  type RecordingMemberOptions,
  untilShared,
} from './recording-member.ts';

const NOTIFICATION_GROUP = 'notification-consumer-group';

/** Contiguous shares of every topic, by the members' names. */
const assignor = loadWeighted(defineCatalog({ topics: [], events: [], groups: [] }));

describe('members of a group on Kafka', () => {
  const cluster = testCluster();
  let topics: TestTopics;
  let coordinator: GroupCoordinator;

  before(() => {
    topics = createTestTopics(cluster);
    coordinator = createGroupCoordinator(cluster);
  });
  after(async () => {
    await coordinator[Symbol.asyncDispose]();
    await topics[Symbol.asyncDispose]();
  });

  type Given = Pick<RecordingMemberOptions, 'group' | 'topics'> & Partial<RecordingMemberOptions>;

  async function joined(given: Given): Promise<RecordingMember> {
    const member = createRecordingMember({ coordinator, assignor, ...given });
    await member.member.join();
    return member;
  }

  /** The members' assignments as the broker tells them, by client id. */
  async function groupAsDescribed(group: string) {
    const described = (await topics.admin.describeGroups({ groups: [group] })).get(group);
    const members = Array.from(described?.members.values() ?? [], (member) => [
      member.clientId,
      Array.from(member.assignments?.values() ?? [])
        .flatMap(({ topic, partitions }) => partitions.map((partition) => `${topic}/${partition}`))
        .sort(),
    ]);
    return { protocol: described?.protocol, members: Object.fromEntries(members) };
  }

  /** Fresh topics of the shape and expected load of the group's, in a catalog of their own. */
  async function likeTheNotificationGroup() {
    const suffix = randomUUID().slice(0, 8);
    const originals = chatCatalog.topicsOf(chatCatalog.group(NOTIFICATION_GROUP));
    const copies = originals.map(({ name, ...rest }) => {
      const context = name.replace('.events', '');
      return { context, topic: defineTopic({ ...rest, name: `${context}-${suffix}.events` }) };
    });
    for (const { topic } of copies) await topics.createNamed(topic.name, topic.partitions);
    const catalog = defineCatalog({
      topics: copies.map(({ topic }) => topic),
      events: [],
      groups: [],
    });
    const nameOf = (context: string): string =>
      copies.find((copy) => copy.context === context)?.topic.name ?? assert.fail(context);
    return {
      group: `group-${suffix}`,
      names: copies.map(({ topic }) => topic.name),
      assignor: loadWeighted(catalog),
      partitions: (context: string, from: number, to: number) =>
        range(from, to).map((partition) => `${nameOf(context)}/${partition}`),
    };
  }

  test('three members get what was asked for, a fourth comes and goes', async () => {
    const like = await likeTheNotificationGroup();
    const given = { group: like.group, topics: like.names, assignor: like.assignor };
    const everything = ['user', 'friend', 'message'].flatMap((context) =>
      like.partitions(context, 0, context === 'message' ? 9 : 2),
    );
    const asked = {
      'notifier-1': like.partitions('message', 0, 3),
      'notifier-2': like.partitions('message', 4, 7),
      'notifier-3': [
        ...like.partitions('message', 8, 9),
        ...like.partitions('friend', 0, 2),
        ...like.partitions('user', 0, 2),
      ].sort(),
    };
    const names = Object.keys(asked);
    const three = await Promise.all(names.map((name) => joined({ ...given, name })));
    await untilShared(three, everything);
    await untilSettled(three);
    assert.deepEqual(await groupAsDescribed(like.group), {
      protocol: 'load-weighted',
      members: asked,
    });

    const fourth = await joined({ ...given, name: 'notifier-4' });
    await untilShared([...three, fourth], everything);
    const described = await groupAsDescribed(like.group);
    assert.deepEqual(Object.keys(described.members).sort(), [...names, 'notifier-4']);
    for (const { events } of three) {
      assert.deepEqual(
        events.all.slice(-2).map(({ kind }) => kind),
        ['revoking', 'assigned'],
      );
    }
    assert.ok(fourth.owned().length > 0);

    await fourth.member.leave();
    await untilShared(three, everything);
    assert.deepEqual(await groupAsDescribed(like.group), {
      protocol: 'load-weighted',
      members: asked,
    });
    for (const member of three) assert.equal(member.assignment().continuous, true);
    await disposeAll(three);
  });

  test('ten members of a topic with ten partitions own one each', async () => {
    const topic = await topics.create(10);
    const group = `group-${randomUUID()}`;
    const ten = await Promise.all(
      range(0, 9).map((n) => joined({ group, topics: [topic], name: `member-${n}` })),
    );
    await untilShared(
      ten,
      range(0, 9).map((partition) => `${topic}/${partition}`),
    );
    await untilSettled(ten);
    for (const [n, member] of ten.entries()) assert.deepEqual(member.owned(), [`${topic}/${n}`]);
    await disposeAll(ten);
  });

  test('two groups of one topic do not know of each other', async () => {
    const topic = await topics.create(2);
    const both = [`${topic}/0`, `${topic}/1`];
    const [one, other] = [`one-${randomUUID()}`, `other-${randomUUID()}`];
    await using first = await joined({ group: one, topics: [topic] });
    await first.member.commit([{ topic, partition: 0, offset: 7 }]);
    await using second = await joined({ group: other, topics: [topic] });
    assert.deepEqual(first.owned(), both);
    assert.deepEqual(second.owned(), both);
    assert.deepEqual(
      second.assignment().partitions.map(({ committed }) => committed),
      [undefined, undefined],
    );
    assert.deepEqual(
      first.events.all.map(({ kind }) => kind),
      ['assigned'],
    );
  });

  test('letting go may take longer than a session', async () => {
    const topic = await topics.create(2);
    const given = { group: `group-${randomUUID()}`, topics: [topic], sessionTimeoutMs: 1_500 };
    const drained: string[] = [];
    await using slow = await joined({
      ...given,
      name: 'a',
      async drain(member) {
        const startedAt = Date.now();
        // Through the group's own clock: it must acknowledge the member past its session.
        await until(() => member.lastHeartbeatAt > startedAt + 2_000);
        await member.commit([{ topic, partition: 1, offset: 11 }]);
        drained.push('committed');
      },
    });
    await using other = await joined({ ...given, name: 'b' });
    await untilShared([slow, other], [`${topic}/0`, `${topic}/1`]);
    assert.deepEqual(drained, ['committed']);
    assert.deepEqual(other.owned(), [`${topic}/1`]);
    assert.equal(other.assignment().partitions[0]?.committed, 11);
    assert.equal(slow.assignment().continuous, true);
    assert.ok(slow.events.all.every(({ kind }) => kind !== 'lost'));
  });

  test('new partitions are given out once, whichever members notice', async () => {
    const topic = await topics.create(2);
    const given = { group: `group-${randomUUID()}`, topics: [topic] };
    await using a = await joined({ ...given, name: 'a' });
    await using b = await joined({ ...given, name: 'b' });
    await untilShared([a, b], [`${topic}/0`, `${topic}/1`]);
    await topics.grow(topic, 6);
    await untilShared(
      [a, b],
      range(0, 5).map((partition) => `${topic}/${partition}`),
    );
    await untilSettled([a, b]);
    assert.equal(a.assignment().continuous && b.assignment().continuous, true);
  });

  test('a topic that does not exist yet holds up no other, and is read once it is there', async () => {
    const there = await topics.create(1);
    const later = `${there}-later`;
    const given = { group: `group-${randomUUID()}`, topics: [there, later] };
    await using member = await joined(given);
    assert.deepEqual(member.owned(), [`${there}/0`]);
    await topics.createNamed(later, 2);
    await member.events.until(() => member.owned().length === 3);
    assert.deepEqual(member.owned(), [`${there}/0`, `${later}/0`, `${later}/1`].sort());
  });

  test('a topic that is deleted takes no other with it', async () => {
    const [kept, deleted] = [await topics.create(1), await topics.create(1)];
    const given = { group: `group-${randomUUID()}`, topics: [kept, deleted] };
    await using a = await joined({ ...given, name: 'a' });
    assert.equal(a.owned().length, 2);
    await topics.delete(deleted);
    await using b = await joined({ ...given, name: 'b' });
    await untilShared([a, b], [`${kept}/0`]);
  });

  test('joining a group with what its broker refuses for good rejects', async () => {
    const topic = await topics.create(1);
    const member = createRecordingMember({
      coordinator,
      assignor,
      group: `group-${randomUUID()}`,
      topics: [topic],
      sessionTimeoutMs: 100_000_000,
    });
    await assert.rejects(member.member.join(), { reason: 'rejected', retryable: false });
    await member.member.leave();
  });

  test('a member that cannot reach its cluster goes on trying until it is told to stop', async () => {
    const lines: string[] = [];
    const warn = (_fields: object, message: string): void => void lines.push(message);
    const logger = { ...cluster.logger, warn, child: () => logger };
    await using nowhere = createGroupCoordinator({ ...cluster, brokers: ['127.0.0.1:1'], logger });
    const member = createRecordingMember({
      coordinator: nowhere,
      assignor,
      group: `group-${randomUUID()}`,
      topics: ['any'],
    });
    const stop = new AbortController();
    const joining = member.member.join(stop.signal);
    await until(() => lines.length > 0);
    const reason = new Error('enough');
    stop.abort(reason);
    await assert.rejects(joining, reason);
    assert.deepEqual(lines, ['not in the group; joining is tried again']);
    await member.member.leave();
  });
});

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Waits until all members are of one generation. */
async function untilSettled(members: readonly RecordingMember[]): Promise<void> {
  await until(() => new Set(members.map((member) => member.assignment().generation)).size === 1);
}

async function disposeAll(members: readonly RecordingMember[]): Promise<void> {
  await Promise.all(members.map((member) => member[Symbol.asyncDispose]()));
}

const LIMIT_MS = 60_000;
const POLL_MS = 20;

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, POLL_MS);
    await promise;
  }
}
