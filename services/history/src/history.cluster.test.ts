import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historyGroup } from '@sori/chat-events';
import { until } from '@sori/postgres/testing';
import { foldLog } from './testing/fold-log.ts';
import { storedHistory } from './testing/stored-history.ts';
import { seeded } from './testing/talk.ts';
import { createTestHistory, type Member } from './testing/test-history.ts';

const SEED = Number(process.env['SORI_TEST_SEED'] ?? Date.now() % 100_000);

test(`whatever is cut off, thrown out, started and stopped, the rows are those of the log (seed ${SEED})`, async () => {
  await using world = await createTestHistory(SEED);
  const pick = seeded(SEED);
  const members: Member[] = [await world.start('history-0')];
  for (let step = 1; step <= 40; step++) {
    world.talk.write(40);
    const member = members[pick(members.length)];
    switch (pick(6)) {
      case 0:
        await member?.cutOff();
        break;
      case 1:
        member?.throwOut();
        break;
      case 2:
        if (members.length < 3) members.push(await world.start(`history-${step}`));
        break;
      case 3:
        if (members.length > 1) await members.pop()?.[Symbol.asyncDispose]();
        break;
      default:
        await world.pool.query('SELECT 1');
    }
  }
  await world.caughtUp();
  for (const member of members) await member[Symbol.asyncDispose]();
  const expected = foldLog(world.talk.records);
  assert.ok(expected.messages.length > 300, 'the talk is long enough to mean something');
  assert.deepEqual(await storedHistory(world.pool), expected);
});

test('a service says that it is ready, how much it applied, and how far it is', async () => {
  await using world = await createTestHistory(1);
  world.talk.write(200);
  await using member = await world.start();
  await until('it is ready', async () => (await member.health.report('ready')).ok);
  assert.deepEqual((await member.health.report('live')).problems, []);
  await world.caughtUp();
  const { messages, passedOver } = foldLog(world.talk.records);
  await until('it has counted its last batch', async () => {
    const text = await member.metrics.text();
    const sumOf = (name: string): number => {
      const lines = text.split('\n').filter((line) => line.startsWith(name));
      return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    };
    const counted = passedOver.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    return (
      sumOf('sori_history_applied_total{type="message.chat.sent"') === messages.length &&
      sumOf('sori_history_passed_over_total') === counted &&
      sumOf('sori_history_batch_records_sum') === 200 &&
      text.includes(`sori_projection_lag_records{group="${historyGroup.id}"`) &&
      sumOf('sori_projection_lag_records') === 0 &&
      sumOf('sori_projection_failing_seconds') === 0
    );
  });
});
