import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { catalog } from '@sori/chat-events';
import type { ClusterState, ConsumerGroup, PartitionLag } from '@sori/kafka';
import { createMemoryLog, VirtualClock } from '@sori/stream/memory';
import { type ExaminationOptions, examineGroups } from './examine-groups.ts';
import { printGroups } from './print-groups.ts';

const TOPIC = 'user.events';
const DAY_SECONDS = 86_400;
const RECORD = { key: null, value: Buffer.from('x'), headers: [] };

function group(name: string, committed: number, state = 'Stable'): ConsumerGroup {
  const member = { member: 'm-1', clientId: 'm', memberId: 'm-x', host: '127.0.0.1' };
  const lag: PartitionLag[] = [
    { topic: TOPIC, partition: 0, committed, earliest: 0, end: 10, lag: 10 - committed, lost: 0 },
    { topic: TOPIC, partition: 1, committed: 10, earliest: 0, end: 10, lag: 0, lost: 0 },
  ];
  const members = state === 'Stable' ? [{ ...member, assignment: { [TOPIC]: [0, 1] } }] : [];
  return { group: name, state, assignor: 'load-weighted', members, lag };
}

const RETENTION: ClusterState['topics'] = new Map([
  [
    TOPIC,
    {
      partitions: 2,
      replicas: [3, 3],
      settings: new Map(
        [
          ['cleanup.policy', 'delete'],
          ['retention.ms', String(DAY_SECONDS * 1_000)],
        ].map(([name = '', value = '']) => [name, { value, overridden: true, inherited: null }]),
      ),
    },
  ],
]);

/** A record a second was written in each partition, ten in all, and ten seconds have passed since. */
async function setUp(looks: readonly (readonly ConsumerGroup[])[]) {
  const clock = new VirtualClock(0);
  const log = createMemoryLog({ topics: { [TOPIC]: 2 }, clock });
  for (let second = 0; second < 10; second++) {
    for (const partition of [0, 1]) log.store({ topic: TOPIC, partition }, [RECORD]);
    await clock.advance(1_000);
  }
  await clock.advance(10_000);
  const asked: (readonly string[] | undefined)[] = [];
  const watched: (readonly string[])[] = [];
  const options: ExaminationOptions = {
    admin: {
      describeGroups: async (names) => {
        const found = looks[asked.length] ?? [];
        asked.push(names);
        return found.filter((of) => names?.includes(of.group) ?? true);
      },
      describeTopics: async () => ({
        ...{ clusterId: 'c', brokerCount: 3, otherTopics: [] },
        topics: RETENTION,
      }),
    },
    ...{ reader: log.reader(), catalog, clock },
    targetSeconds: () => 12,
    windowMs: 6_000,
    onWatch: (groups) => {
      watched.push(groups);
      // Nothing else waits by then.
      setImmediate(() => clock.advance(6_000));
    },
    signal: new AbortController().signal,
  };
  return { asked, clock, log, options, watched };
}

describe('groups', () => {
  test('in time are judged at once, with what they wait and how long it is kept', async () => {
    const { asked, options } = await setUp([[group('quick', 9)]]);
    const [quick, ...others] = await examineGroups(options);
    assert.deepEqual(others, []);
    assert.deepEqual(asked, [undefined]);
    // Record 9 was written at second 9, and it is second 20.
    const [undone, done] = group('quick', 9).lag;
    const deletedInSeconds = DAY_SECONDS - 11;
    assert.deepEqual(quick, {
      ...group('quick', 9),
      ...{ verdict: 'ok', targetSeconds: 12, lagSeconds: 11, deletedInSeconds },
      lag: [
        { ...undone, verdict: 'ok', lagSeconds: 11, deletedInSeconds },
        { ...done, verdict: 'ok', lagSeconds: 0, deletedInSeconds: null },
      ],
    });
  });

  test('that are late are watched, to see which of them get on', async () => {
    const at = (moving: number, stuck: number) => [
      ...[group('moving', moving), group('stuck', stuck)],
      ...[group('left', 2, 'Empty'), group('quick', 10)],
    ];
    const { asked, options, watched } = await setUp([at(2, 2), at(3, 2)]);
    const found = await examineGroups(options);
    assert.deepEqual(watched, [['moving', 'stuck']]);
    assert.deepEqual(asked, [undefined, ['moving', 'stuck']]);
    assert.deepEqual(
      found.map(({ group: name, verdict, lagSeconds }) => [name, verdict, lagSeconds]),
      [
        ['moving', 'behind', 23],
        ['stuck', 'stalled', 24],
        ['left', 'stopped', 18],
        ['quick', 'ok', 0],
      ],
    );
  });

  test('are not watched where nobody asks for it', async () => {
    const { asked, options } = await setUp([[group('stuck', 2)]]);
    const [stuck] = await examineGroups({ ...options, windowMs: 0 });
    assert.deepEqual([asked.length, stuck?.verdict], [1, 'behind']);
  });

  test('whose records cannot be read are not called well', async () => {
    const { clock, log, options } = await setUp([[group('quick', 9)]]);
    using _away = log.faults.makeUnavailable({ topic: TOPIC, partition: 0 });
    const examining = examineGroups(options);
    setImmediate(() => clock.advance(3_000));
    const [quick] = await examining;
    assert.deepEqual(
      [quick?.verdict, quick?.lagSeconds, quick?.deletedInSeconds],
      ['unknown', null, null],
    );
  });

  test('are let go when the command is stopped', async () => {
    const { options } = await setUp([[group('stuck', 2)]]);
    const stopping = new AbortController();
    const onWatch = () => stopping.abort(new Error('stopped'));
    const examining = examineGroups({ ...options, signal: stopping.signal, onWatch });
    await assert.rejects(examining, { message: 'stopped' });
  });

  test('are printed by topic, or by partition, as they are', async () => {
    const { options } = await setUp([[group('left', 2, 'Empty')]]);
    const groups = await examineGroups(options);
    const printed = (everyPartition: boolean): readonly unknown[] => {
      const lines: unknown[] = [];
      printGroups(
        groups,
        { everyPartition },
        {
          line: (line = '') => lines.push(stripVTControlCharacters(line)),
          table: (_head, rows) => {
            lines.push(
              ...rows.map((row) => row.map((cell) => stripVTControlCharacters(`${cell}`))),
            );
          },
        },
      );
      return lines;
    };
    const head = 'left  Empty, load-weighted, 0 members, lag 8: stopped';
    assert.deepEqual(printed(false), [
      head,
      ['  user.events', '12', '20', '8', '18 s', '24 h', '0', 'stopped'],
    ]);
    assert.deepEqual(printed(true), [
      head,
      ['  user.events-0', '2', '10', '8', '18 s', '24 h', '0', 'stopped'],
      ['  user.events-1', '10', '10', '0', '—', '—', '0', 'ok'],
    ]);
  });
});
