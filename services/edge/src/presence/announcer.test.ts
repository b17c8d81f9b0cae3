import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, userOnlineStatus } from '@sori/chat-events';
import { silentLogger } from '@sori/kafka/testing';
import { createPublisher } from '@sori/stream';
import { createMemoryLog, VirtualClock } from '@sori/stream/memory';
import type { Connection } from '../connection/connection.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { Announcer } from './announcer.ts';

const SECOND_MS = 1_000;
const { presenceHeartbeatMs } = DEFAULT_LIMITS;

async function startAnnouncer(bufferedRecords = 10_000) {
  const clock = new VirtualClock();
  const topic = userOnlineStatus.name;
  const log = createMemoryLog({ topics: { [topic]: userOnlineStatus.partitions }, clock });
  const publisher = createPublisher({
    catalog,
    log: log.writer(),
    source: '/test',
    clock,
    logger: silentLogger,
    limits: { bufferedRecords, laneShare: 1 },
  });
  const counts = { announced: 0, overloaded: 0, undelivered: 0, invalid: 0 };
  // A fixed sequence, as far apart as a random one.
  let drawn = 0;
  const announcer = new Announcer({
    edgeId: 'edge',
    publisher,
    limits: DEFAULT_LIMITS,
    clock,
    metrics: {
      announced: () => void counts.announced++,
      unannounced: (reason) => void counts[reason]++,
    },
    random: () => (drawn++ * 0.618) % 1,
  });
  const come = (count: number): void => {
    for (let index = 0; index < count; index++) {
      const connection = { userId: `person-${index}`, device: 'other' };
      announcer.came(connection as Connection);
    }
  };
  return { clock, announcer, counts, come };
}

test('heartbeats of connections that came at once are spread over time', async () => {
  const { clock, announcer, counts, come } = await startAnnouncer();
  come(3_000);
  await clock.advance(SECOND_MS);
  assert.equal(counts.announced, 3_000);
  const perSecond: number[] = [];
  for (let elapsed = 0; elapsed < presenceHeartbeatMs; elapsed += SECOND_MS) {
    const before = counts.announced;
    announcer.beat();
    await clock.advance(SECOND_MS);
    perSecond.push(counts.announced - before);
  }
  assert.ok(Math.max(...perSecond) < 300, `${perSecond}`);
  assert.ok(perSecond.reduce((sum, beats) => sum + beats, 0) >= 3_000);
});

test('what there is no room for is counted and let go', async () => {
  const { clock, counts, come } = await startAnnouncer(100);
  come(1_000);
  await clock.advance(SECOND_MS);
  assert.deepEqual(counts, { announced: 100, overloaded: 900, undelivered: 0, invalid: 0 });
});

test('an account that events cannot name has no presence, and hurts nobody', async () => {
  const { clock, announcer, counts } = await startAnnouncer();
  announcer.came({ userId: 'not/an/id', device: 'other' } as Connection);
  await clock.advance(SECOND_MS);
  assert.deepEqual(counts, { announced: 0, overloaded: 0, undelivered: 0, invalid: 1 });
});
