import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AssignableMember, AssignableTopic, Assignor } from '@sori/stream';
import { encodeMemberData } from './member-data.ts';
import { toPartitionAssigner } from './partition-assigner.ts';

type Call = Parameters<ReturnType<typeof toPartitionAssigner>>;

function member(id: string, topics: string[], metadata: Buffer): [string, MemberOfTheClient] {
  return [id, { memberId: id, version: 1, topics, metadata }];
}

type MemberOfTheClient = Call[1] extends Map<string, infer M> ? M : never;

function said(name: string, partitions: Record<string, number>): Buffer {
  return encodeMemberData({ name, partitions: new Map(Object.entries(partitions)) });
}

function metadata(counts: Record<string, number>): Call[3] {
  const topics = Object.entries(counts).map(([name, partitionsCount]): [string, Topic] => [
    name,
    { id: name, partitions: [], partitionsCount, lastUpdate: 0 },
  ]);
  return {
    id: 'cluster',
    controllerId: 1,
    brokers: new Map(),
    lastUpdate: 0,
    topics: new Map(topics),
  };
}

type Topic = Call[3]['topics'] extends Map<string, infer T> ? T : never;

/** Gives everything to the first member, and keeps what it was asked. */
function recordingAssignor() {
  const asked: { members: readonly AssignableMember[]; topics: readonly AssignableTopic[] }[] = [];
  const assignor: Assignor = {
    name: 'first-takes-all',
    assign(members, topics) {
      asked.push({ members, topics });
      const all = topics.flatMap(({ name, partitions }) =>
        Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition })),
      );
      return new Map(members.map(({ id }, index) => [id, index === 0 ? all : []]));
    },
  };
  return { assignor, asked };
}

describe('an assignor as the client calls it', () => {
  test('knows members by name and by what each subscribes to, not by the leader', () => {
    const { assignor, asked } = recordingAssignor();
    const members = new Map([
      member('id-1', ['a', 'b'], said('one', { a: 2, b: 1 })),
      member('id-2', ['b', 'c'], said('two', { b: 1, c: 1 })),
    ]);
    const result = toPartitionAssigner(assignor)(
      'id-1',
      members,
      new Set(['a', 'b']),
      metadata({ a: 2, b: 1, c: 1 }),
    );
    assert.deepEqual(asked[0]?.members, [
      { id: 'id-1', name: 'one', topics: ['a', 'b'] },
      { id: 'id-2', name: 'two', topics: ['b', 'c'] },
    ]);
    assert.deepEqual(asked[0]?.topics, [
      { name: 'a', partitions: 2 },
      { name: 'b', partitions: 1 },
      { name: 'c', partitions: 1 },
    ]);
    assert.deepEqual(result, [
      {
        memberId: 'id-1',
        assignments: new Map([
          ['a', { topic: 'a', partitions: [0, 1] }],
          ['b', { topic: 'b', partitions: [0] }],
          ['c', { topic: 'c', partitions: [0] }],
        ]),
      },
      { memberId: 'id-2', assignments: new Map() },
    ]);
  });

  test('counts partitions that only some member has seen yet', () => {
    const { assignor, asked } = recordingAssignor();
    const members = new Map([
      member('old', ['a'], said('old', { a: 2 })),
      member('new', ['a'], said('new', { a: 5 })),
    ]);
    toPartitionAssigner(assignor)('old', members, new Set(['a']), metadata({ a: 2 }));
    assert.deepEqual(asked[0]?.topics, [{ name: 'a', partitions: 5 }]);
  });

  test('takes the id for the name of a member that says none', () => {
    const { assignor, asked } = recordingAssignor();
    const members = new Map([member('foreign', ['a'], Buffer.from([1, 2]))]);
    toPartitionAssigner(assignor)('foreign', members, new Set(['a']), metadata({ a: 1 }));
    assert.deepEqual(asked[0]?.members, [{ id: 'foreign', name: 'foreign', topics: ['a'] }]);
  });
});
