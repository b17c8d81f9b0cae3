import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { type Consumer, consumerHeartbeatChannel } from '@platformatic/kafka';
import { defineCatalog } from '@sori/contract';
import { loadWeighted } from '@sori/stream';
import { RecordedEvents } from '../recorded-events.ts';
import { createTestTopics, testCluster } from '../test-topics.ts';
import { createGroupCoordinator } from './group-coordinator.ts';
import { createRecordingMember, type RecordingMember, untilShared } from './recording-member.ts';

/** Members, each of which leaves a millisecond later in its rejoin than the one before. */
const MEMBERS = 40;

const assignor = loadWeighted(defineCatalog({ topics: [], events: [], groups: [] }));

test('a member that leaves while it joins again sends no heartbeats from then on', async () => {
  const cluster = testCluster();
  await using topics = createTestTopics(cluster);
  await using coordinator = createGroupCoordinator(cluster);
  const topic = await topics.create(2);
  const partitions = [`${topic}/0`, `${topic}/1`];

  async function joined(
    group: string,
    name: string,
    drain: (left: RecordingMember['member']) => void = () => {},
  ): Promise<RecordingMember> {
    const recording = createRecordingMember({
      coordinator,
      group,
      topics: [topic],
      assignor,
      name,
      drain: async (member) => drain(member),
    });
    await recording.member.join();
    return recording;
  }

  async function leaveWhileJoining(delayMs: number): Promise<void> {
    const group = `group-${randomUUID()}`;
    const left = Promise.withResolvers<void>();
    let leaving = false;
    const one = await joined(group, 'a', (member) => {
      if (!leaving) return;
      setTimeout(() => left.resolve(member.leave()), delayMs);
    });
    const other = await joined(group, 'b');
    await untilShared([one, other], partitions);
    leaving = true;
    await other.member.leave();
    await left.promise;
  }

  await Promise.all(Array.from({ length: MEMBERS }, (_, ms) => leaveWhileJoining(ms)));

  const bystanders = `bystanders-${randomUUID()}`;
  const heartbeats = new RecordedEvents<string>();
  const heard = (context: unknown): void => {
    const { client } = context as { readonly client: Consumer };
    heartbeats.add(client.groupId);
  };
  const fromBystander = (): number => heartbeats.all.filter((group) => group === bystanders).length;
  consumerHeartbeatChannel.start.subscribe(heard);
  try {
    await using _bystander = await joined(bystanders, 'c');
    // One that was due at that moment comes to nothing; there must not be another after it.
    await heartbeats.until(() => fromBystander() >= 2);
    const before = heartbeats.all.length;
    await heartbeats.until(() => fromBystander() >= 4);
    assert.deepEqual(new Set(heartbeats.all.slice(before)), new Set([bystanders]));
  } finally {
    consumerHeartbeatChannel.start.unsubscribe(heard);
  }
});
