import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { catalog, messageEvents } from '@sori/chat-events';
import { createPool } from '@sori/postgres';
import { silentLogger, until } from '@sori/postgres/testing';
import { foldLog } from '../testing/fold-log.ts';
import { storedHistory } from '../testing/stored-history.ts';
import { seeded } from '../testing/talk.ts';
import { createTestHistory, type TestHistory } from '../testing/test-history.ts';
import { type RebuildOptions, type RebuiltHistory, rebuildHistory } from './rebuild-history.ts';

const SEED = Number(process.env['SORI_TEST_SEED'] ?? Date.now() % 100_000);

/** A rebuild as a process of its own would run it. */
async function rebuild(
  world: TestHistory,
  options: Partial<RebuildOptions> = {},
): Promise<RebuiltHistory> {
  await using pool = createPool({
    url: world.database.url,
    applicationName: 'rebuild',
    logger: silentLogger,
  });
  return await rebuildHistory({
    ...{ catalog, pool, reader: world.log.reader(), logger: silentLogger },
    signal: new AbortController().signal,
    limits: { copyRows: 40, deleteRows: 200 },
    ...options,
  });
}

/** As retention does, in every partition: about that share of what the log holds is gone. */
function forget(world: TestHistory, share: number): void {
  for (let partition = 0; partition < messageEvents.partitions; partition++) {
    const topic = messageEvents.name;
    const records = world.log.records(topic, partition);
    const first = records[Math.floor(records.length * share)];
    if (first === undefined) continue;
    world.log.faults.deleteBefore({ topic, partition, offset: first.offset });
  }
}

/** Writes until it is told to stop; so many times the log forgets its beginning meanwhile. */
function flow(world: TestHistory, { forgets }: { readonly forgets: number }) {
  const pick = seeded(SEED);
  let left = forgets;
  let stopped = false;
  const flowing = (async () => {
    while (!stopped) {
      world.talk.write(5);
      if (left > 0 && pick(10) === 0) {
        left -= 1;
        // What the service has not read yet would be lost for everybody.
        await world.caughtUp();
        forget(world, 0.6);
      }
      await delay(2);
    }
  })();
  return async () => {
    stopped = true;
    await flowing;
  };
}

async function buildsOf(world: TestHistory): Promise<readonly number[]> {
  const { rows } = await world.pool.query<{ readonly build: number }>(`
    SELECT DISTINCT build FROM (
      SELECT build FROM history_messages UNION SELECT build FROM history_rooms
      UNION SELECT build FROM history_reactions UNION SELECT build FROM history_reads
      UNION SELECT build FROM history_copies UNION SELECT id FROM history_builds
    ) AS every ORDER BY build`);
  return rows.map(({ build }) => build);
}

test('while messages flow, with what the log has forgotten: the same rows', async () => {
  await using world = await createTestHistory(SEED);
  await using member = await world.start();
  world.talk.write(1_000);
  await world.caughtUp();
  forget(world, 0.5);
  const stop = flow(world, { forgets: 0 });
  const result = await rebuild(world);
  await stop();
  await world.caughtUp();
  assert.ok(result.copiedMessages > 0 && result.appliedRecords > 0, JSON.stringify(result));
  assert.deepEqual(await storedHistory(world.pool), foldLog(world.talk.records));
  assert.deepEqual(await buildsOf(world), [result.build], 'nothing is left of the old one');
  assert.ok((await member.health.report('ready')).ok);
});

test(`given up anywhere, while the log goes on forgetting: the same rows (seed ${SEED})`, async () => {
  await using world = await createTestHistory(SEED);
  await using _member = await world.start();
  const pick = seeded(SEED);
  world.talk.write(1_500);
  await world.caughtUp();
  forget(world, 0.3);
  const stop = flow(world, { forgets: 6 });
  let result: RebuiltHistory | undefined;
  let tries = 0;
  while (result === undefined) {
    tries += 1;
    const giveUp = new AbortController();
    let steps = tries > 8 ? Number.POSITIVE_INFINITY : 1 + pick(8);
    try {
      result = await rebuild(world, {
        signal: giveUp.signal,
        onProgress: () => {
          steps -= 1;
          if (steps <= 0) giveUp.abort();
        },
      });
    } catch (error) {
      if (error !== giveUp.signal.reason) throw error;
    }
  }
  await stop();
  await world.caughtUp();
  assert.deepEqual(await storedHistory(world.pool), foldLog(world.talk.records));
  assert.deepEqual(await buildsOf(world), [result.build]);
});

test('a copy that was given up counts only while the log holds what it does not reflect', async () => {
  await using world = await createTestHistory(SEED);
  await using _member = await world.start();
  world.talk.write(400);
  await world.caughtUp();
  forget(world, 0.9);
  const giveUp = new AbortController();
  const given = rebuild(world, {
    signal: giveUp.signal,
    onProgress: ({ copiedMessages }) => {
      if (copiedMessages > 0) giveUp.abort();
    },
  });
  await assert.rejects(given, { name: 'AbortError' });
  world.talk.editAll('edited since');
  world.talk.write(50);
  await world.caughtUp();
  forget(world, 0.95);
  const { resumed } = await rebuild(world);
  assert.equal(resumed, true);
  assert.deepEqual(await storedHistory(world.pool), foldLog(world.talk.records));
});

test('what was wrong in the part that the log still holds is right afterwards', async () => {
  await using world = await createTestHistory(SEED);
  await using _member = await world.start();
  world.talk.write(600);
  await world.caughtUp();
  await world.pool.query(`UPDATE history_messages SET text = 'wrong' WHERE deleted_at IS NULL`);
  await world.pool.query('DELETE FROM history_messages WHERE seq % 3 = 0');
  await world.pool.query('UPDATE history_reads SET seq = seq + 1000');
  await world.pool.query('DELETE FROM history_reactions');
  await rebuild(world);
  assert.deepEqual(await storedHistory(world.pool), foldLog(world.talk.records));
});

test('of two at once the second is refused, and the first goes on', async () => {
  await using world = await createTestHistory(SEED);
  await using _member = await world.start();
  world.talk.write(200);
  await world.caughtUp();
  let second: Promise<unknown> | undefined;
  const first = await rebuild(world, {
    onProgress: ({ phase }) => {
      if (phase !== 'building') return;
      second ??= assert.rejects(rebuild(world), { code: 'HISTORY_REBUILD_RUNNING' });
    },
  });
  await second;
  assert.notEqual(second, undefined);
  assert.deepEqual(await buildsOf(world), [first.build]);
  assert.deepEqual(await storedHistory(world.pool), foldLog(world.talk.records));
});

test('it waits for a service that is behind the log', async () => {
  await using world = await createTestHistory(SEED);
  world.talk.write(200);
  await (async () => {
    await using _member = await world.start();
    await world.caughtUp();
  })();
  world.talk.write(400);
  const unread = foldLog(world.talk.records).messages.length;
  forget(world, 0.8);
  let waited = false;
  const rebuilding = rebuild(world, {
    onProgress: ({ waitingPartitions }) => {
      waited ||= waitingPartitions.length > 0;
    },
  });
  await until('it waits', () => waited);
  await using _member = await world.start();
  const before = rebuilding.then(() => storedHistory(world.pool));
  await world.caughtUp();
  const stored = await before;
  assert.ok(stored.messages.length < unread, 'what nobody read before it was gone is lost');
  const { rows } = await world.pool.query<{ readonly gaps: number }>(`
    SELECT count(*)::integer AS gaps FROM (
      SELECT seq - row_number() OVER (PARTITION BY build, room_id ORDER BY seq) AS gap
      FROM history_messages
    ) AS numbered WHERE gap <> 0`);
  assert.deepEqual(rows, [{ gaps: 0 }]);
});

test('a log that was cut since it was read is said, and the next rebuild begins anew', async () => {
  await using world = await createTestHistory(SEED);
  await (async () => {
    await using _member = await world.start();
    world.talk.write(300);
    await world.caughtUp();
  })();
  for (let partition = 0; partition < messageEvents.partitions; partition++) {
    world.log.faults.truncate({ topic: messageEvents.name, partition, offset: 1 });
  }
  await assert.rejects(rebuild(world), { code: 'HISTORY_LOG_CHANGED' });
  await using _member = await world.start();
  await world.caughtUp();
  const result = await rebuild(world);
  assert.equal(result.resumed, false);
  assert.deepEqual(await buildsOf(world), [result.build]);
});
