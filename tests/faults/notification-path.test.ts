import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { notificationGroup } from '@sori/chat-events';
import { startConversation } from '../system/conversation.ts';
import { coordinatorOf, untilReplicated } from '../system/kafka-tools.ts';
import { readMessageLog } from '../system/message-log.ts';
import { startSori } from '../system/sori-command.ts';
import { startTestSystem, type TestSystem } from '../system/test-system.ts';
import { judge } from '../system/verdict.ts';

const ROOMS = 6;
/** Acknowledged in every room before a fault, and after it. */
const BEFORE = 25;
const AFTER = 50;
/** A notifier's session is 10 s: stopped for longer, it is out of the group and doesn't know. */
const PAST_THE_SESSION_MS = 14_000;
const POLL_MS = 250;
const GROUP_TIMEOUT_MS = 60_000;

interface GroupJson {
  readonly group: string;
  readonly state: string;
  readonly members: readonly { readonly member: string; readonly assignment: object }[];
}

describe('messages reach every screen once and in order, whatever is killed', () => {
  let system: TestSystem;
  before(async () => {
    system = await startTestSystem();
  });
  after(() => system[Symbol.asyncDispose]());

  async function throughFault(fault: () => Promise<void>): Promise<void> {
    await using conversation = await startConversation(system, ROOMS);
    await conversation.flowing(BEFORE);
    await fault();
    await conversation.flowing(AFTER);
    await conversation.finish();
    const log = await readMessageLog(system.kafka.brokers);
    const verdict = judge(conversation.acknowledged, log, conversation.screens());
    assert.deepEqual(verdict, { lost: [], duplicated: [], reordered: [], fromNowhere: [] });
    for (const ids of conversation.acknowledged.values()) assert.ok(ids.size >= BEFORE + AFTER);
  }

  async function group(): Promise<GroupJson> {
    const { stdout } = await system.sori('groups', notificationGroup.id, '--window', '0', '--json');
    const found = (JSON.parse(stdout) as GroupJson[]).find(
      ({ group: id }) => id === notificationGroup.id,
    );
    assert.ok(found, stdout);
    return found;
  }

  async function untilStable(members: number): Promise<void> {
    const deadline = Date.now() + GROUP_TIMEOUT_MS;
    for (;;) {
      const { state, members: found } = await group();
      if (state.toUpperCase() === 'STABLE' && found.length === members) return;
      assert.ok(Date.now() < deadline, `the group has ${found.length} members and is ${state}`);
      await delay(POLL_MS);
    }
  }

  test('kill -9 of a notifier', () =>
    throughFault(async () => {
      process.kill(await system.pidOf('notifier-2'), 'SIGKILL');
      await untilStable(3);
    }));

  test('kill -9 of the edge', () =>
    throughFault(async () => {
      process.kill(await system.pidOf('edge'), 'SIGKILL');
    }));

  test("kill -9 of the group's coordinator", () =>
    throughFault(async () => {
      const coordinator = await coordinatorOf(system.kafka, notificationGroup.id);
      await coordinator.kill();
      await delay(8_000);
      await coordinator.start();
    }));

  test('a rolling restart of the brokers', () =>
    throughFault(async () => {
      for (const node of system.kafka.nodes) {
        await node.stop();
        await node.start();
        await untilReplicated(system.kafka);
      }
    }));

  test('a fourth notifier comes and goes', () =>
    throughFault(async () => {
      {
        const environment = { ...system.environment, SORI_MEMBER_NAME: 'notifier-4' };
        await using _fourth = startSori(['run', 'notifier'], environment);
        await untilStable(4);
        await delay(2_000);
      }
      await untilStable(3);
    }));

  test('a notifier stopped past its session', () =>
    throughFault(async () => {
      const pid = await system.pidOf('notifier-1');
      process.kill(pid, 'SIGSTOP');
      await delay(PAST_THE_SESSION_MS);
      process.kill(pid, 'SIGCONT');
      await untilStable(3);
    }));
});
