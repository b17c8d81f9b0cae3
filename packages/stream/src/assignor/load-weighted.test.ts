import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyticsGroup, catalog, messageEvents, notificationGroup } from '@sori/chat-events';
import fc from 'fast-check';
import type { AssignableMember, AssignableTopic } from './assignor.ts';
import { contiguousCut } from './contiguous-cut.ts';
import { loadWeighted } from './load-weighted.ts';

const assignor = loadWeighted(catalog);

function membersOf(count: number, topics: readonly string[]): readonly AssignableMember[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(3, '0');
    return { id: `id-${number}`, name: `member-${number}`, topics };
  });
}

function topicsOf(group: Parameters<typeof catalog.topicsOf>[0]): readonly AssignableTopic[] {
  return catalog.topicsOf(group).map(({ name, partitions }) => ({ name, partitions }));
}

/** As text, in the order given: `message.events 0 1 2, user.events 0`. */
function assign(members: readonly AssignableMember[], topics: readonly AssignableTopic[]) {
  const assigned = assignor.assign(members, topics);
  return members.map(({ id }) => {
    const byTopic = Map.groupBy(assigned.get(id) ?? [], ({ topic }) => topic);
    return [...byTopic]
      .map(([topic, own]) => `${topic} ${own.map(({ partition }) => partition).join(' ')}`)
      .join(', ');
  });
}

function loadOf(topic: AssignableTopic): number {
  const expected = catalog.findTopic(topic.name)?.expectedLoad.eventsPerSecond ?? 0;
  return expected / topic.partitions || 1;
}

describe('the groups that were asked for', () => {
  test('three notifiers get exactly the table of the design', () => {
    const topics = topicsOf(notificationGroup);
    const names = topics.map(({ name }) => name);
    assert.deepEqual(assign(membersOf(3, names), topics), [
      'message.events 0 1 2 3',
      'message.events 4 5 6 7',
      'message.events 8 9, friend.events 0 1 2, user.events 0 1 2',
    ]);
  });

  test('ten members on message.events alone have one partition each', () => {
    const topics = [{ name: messageEvents.name, partitions: messageEvents.partitions }];
    assert.deepEqual(
      assign(membersOf(10, [messageEvents.name]), topics),
      Array.from({ length: 10 }, (_, partition) => `message.events ${partition}`),
    );
  });

  test('two members that read everything share the load evenly', () => {
    const topics = topicsOf(analyticsGroup);
    const members = membersOf(
      2,
      topics.map(({ name }) => name),
    );
    const assigned = assignor.assign(members, topics);
    const loads = members.map(({ id }) =>
      (assigned.get(id) ?? []).reduce((sum, { topic }) => {
        const found = topics.find(({ name }) => name === topic);
        assert.ok(found !== undefined);
        return sum + loadOf(found);
      }, 0),
    );
    const heaviestPartition = Math.max(...topics.map(loadOf));
    assert.ok(Math.abs((loads[0] ?? 0) - (loads[1] ?? 0)) <= heaviestPartition, loads.join());
  });

  test('the order in which members and topics are met does not matter', () => {
    const topics = topicsOf(notificationGroup);
    const members = membersOf(
      3,
      topics.map(({ name }) => name),
    );
    const found = assignor.assign(members.toReversed(), topics.toReversed());
    assert.deepEqual(new Map([...found].toSorted()), assignor.assign(members, topics));
  });
});

const names = ['message.events', 'user.events', 'friend.events', 'user.events.dlq', 'unheard.of'];
const topicsArbitrary = fc
  .uniqueArray(fc.constantFrom(...names), { minLength: 1 })
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map((name) =>
        fc.integer({ min: 1, max: 8 }).map((partitions) => ({ name, partitions })),
      ),
    ),
  );
const membersArbitrary = fc
  .array(fc.uniqueArray(fc.constantFrom(...names)), { minLength: 1, maxLength: 5 })
  .map((subscriptions) =>
    subscriptions.map((topics, index) => ({ id: `id-${index}`, name: `m-${index % 3}`, topics })),
  );

test('every partition that somebody reads is given once, to one that reads it', () => {
  fc.assert(
    fc.property(topicsArbitrary, membersArbitrary, (topics, members) => {
      const assigned = assignor.assign(members, topics);
      assert.deepEqual([...assigned.keys()].toSorted(), members.map(({ id }) => id).toSorted());
      const given = members.flatMap(({ id, topics: own }) =>
        (assigned.get(id) ?? []).map(({ topic, partition }) => {
          assert.ok(own.includes(topic), `${id} reads ${topic}`);
          return `${topic}-${partition}`;
        }),
      );
      const wanted = topics
        .filter(({ name }) => members.some((member) => member.topics.includes(name)))
        .flatMap(({ name, partitions }) =>
          Array.from({ length: partitions }, (_, partition) => `${name}-${partition}`),
        );
      assert.deepEqual(given.toSorted(), wanted.toSorted());
    }),
  );
});

test('members that read the same get contiguous ranges, the heaviest as light as can be', () => {
  fc.assert(
    fc.property(topicsArbitrary, fc.integer({ min: 1, max: 5 }), (topics, count) => {
      const members = membersOf(
        count,
        topics.map(({ name }) => name),
      );
      const assigned = assignor.assign(members, topics);
      const row = members.flatMap(({ id }) => assigned.get(id) ?? []);
      // Contiguous: one member's range ends where the next begins, and a topic is never split twice.
      const runs = row.filter(({ topic }, index) => topic !== row[index - 1]?.topic);
      assert.equal(runs.length, topics.length);
      const weightOf = (name: string): number => {
        const topic = topics.find((each) => each.name === name);
        assert.ok(topic !== undefined);
        return Math.round(loadOf(topic) * 1_000);
      };
      const weights = row.map(({ topic }) => weightOf(topic));
      const loads = members.map(({ id }) =>
        (assigned.get(id) ?? []).reduce((sum, { topic }) => sum + weightOf(topic), 0),
      );
      const ends = contiguousCut(weights, new Array<number>(count).fill(0));
      const best = ends.map((end, index) =>
        weights.slice(index === 0 ? 0 : ends[index - 1], end).reduce((sum, one) => sum + one, 0),
      );
      assert.equal(Math.max(...loads), Math.max(...best));
    }),
  );
});

test('a member more, or less, at the end moves only what lies between old and new borders', () => {
  for (const group of [notificationGroup, analyticsGroup]) {
    const topics = topicsOf(group);
    const subscribed = topics.map(({ name }) => name);
    const total = topics.reduce((sum, { partitions }) => sum + partitions, 0);
    for (let count = 1; count < 8; count++) {
      const owners = (members: readonly AssignableMember[]): ReadonlyMap<string, string> =>
        new Map(
          [...assignor.assign(members, topics)].flatMap(([id, own]) =>
            own.map(({ topic, partition }) => [`${topic}-${partition}`, id] as const),
          ),
        );
      const before = owners(membersOf(count, subscribed));
      const after = owners(membersOf(count + 1, subscribed));
      const moved = [...after].filter(([partition, id]) => before.get(partition) !== id).length;
      // Borders only shift towards the front, so no partition moves by more than one place.
      const places = [...after].map(
        ([partition, id]) => Number(id.slice(3)) - Number(before.get(partition)?.slice(3)),
      );
      assert.ok(Math.min(...places) >= 0 && Math.max(...places) <= 1, places.join());
      assert.ok(moved < total, `${moved} of ${total} moved`);
    }
  }
});

test('a rolling upgrade: who reads the new topic gets it, and less of the others', () => {
  const topics = [
    { name: 'message.events', partitions: 4 },
    { name: 'friend.events', partitions: 3 },
  ];
  const members = [
    { id: '1', name: 'a', topics: ['message.events'] },
    { id: '2', name: 'b', topics: ['message.events', 'friend.events'] },
  ];
  assert.deepEqual(assign(members, topics), [
    'message.events 0 1',
    'friend.events 0 1 2, message.events 2 3',
  ]);
});

test('a member that comes back under its name gets its place again', () => {
  const topics = topicsOf(notificationGroup);
  const subscribed = topics.map(({ name }) => name);
  const members = membersOf(3, subscribed);
  const back = members.map((member, index) => (index === 1 ? { ...member, id: 'new' } : member));
  assert.deepEqual(
    assignor.assign(back, topics).get('new'),
    assignor.assign(members, topics).get('id-002'),
  );
});
