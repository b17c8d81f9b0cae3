import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { presenceChanged, presenceHeartbeat } from '@sori/chat-events';
import { encodeEvent, partitionForKey } from '@sori/contract';
import type { Logger } from '@sori/stream';
import { createMemoryLog, VirtualClock } from '@sori/stream/memory';
import { type FollowPresenceOptions, followPresence } from './follow-presence.ts';
import { GRACE_MS, HEARTBEAT_MS, LEASE_MS } from './limits.ts';
import type { PresenceState } from './presence.ts';

const TOPIC = 'user.online_status';
const PARTITIONS = 3;
const SECOND_MS = 1_000;

const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silent,
};

function startWorld() {
  const clock = new VirtualClock();
  const log = createMemoryLog({ topics: { [TOPIC]: PARTITIONS }, clock });
  const told: string[] = [];
  return {
    clock,
    log,
    told,
    follow: (options: Partial<FollowPresenceOptions> = {}) =>
      followPresence({
        topic: TOPIC,
        reader: log.reader(),
        clock,
        logger: silent,
        onTransitions: (transitions) => {
          for (const { userId, before, state } of transitions) {
            told.push(`${userId}: ${before} → ${state}`);
          }
        },
        ...options,
      }),
    say(
      userId: string,
      state: PresenceState,
      type: typeof presenceChanged | typeof presenceHeartbeat = presenceChanged,
      partition = partitionForKey(Buffer.from(userId), PARTITIONS),
    ) {
      const time = new Date(clock.now()).toISOString();
      const sessionId = `${userId}-1`;
      const data = { userId, sessionId, edgeId: 'edge', device: 'web', leaseMs: LEASE_MS };
      const draft = type({ ...data, state, since: time });
      const record = encodeEvent(draft, { id: crypto.randomUUID(), source: '/test', time });
      log.store({ topic: TOPIC, partition }, [record]);
    },
  };
}

describe('following presence', () => {
  test('begins a lease ago, silently, and tells what changes afterwards', async () => {
    const { clock, log, told, follow, say } = startWorld();
    say('ada', 'online');
    await clock.advance(LEASE_MS + 1);
    say('ben', 'online');
    say('cho', 'away');
    const began = clock.now();
    let caughtUp = 0;
    await using presence = follow({ onCaughtUp: () => caughtUp++ });
    assert.equal(presence.isCaughtUp, false);
    await clock.advance(SECOND_MS);
    assert.deepEqual([presence.isCaughtUp, caughtUp, presence.present], [true, 1, 2]);
    assert.deepEqual(told, []);
    assert.equal(presence.of('ada').state, 'offline');
    assert.deepEqual(presence.of('cho'), { state: 'away', since: began });
    say('ben', 'offline');
    say('ada', 'online');
    await clock.advance(GRACE_MS + SECOND_MS);
    assert.deepEqual(told, ['ada: offline → online', 'ben: online → offline']);
    await log[Symbol.asyncDispose]();
  });

  test('sees who stopped renewing, and only them', async () => {
    const { clock, told, follow, say } = startWorld();
    await using presence = follow();
    await clock.advance(SECOND_MS);
    say('ada', 'online');
    say('ben', 'online');
    for (let spent = 0; spent < LEASE_MS + GRACE_MS; spent += HEARTBEAT_MS) {
      await clock.advance(HEARTBEAT_MS);
      say('ada', 'online', presenceHeartbeat);
    }
    assert.deepEqual(told, [
      'ada: offline → online',
      'ben: offline → online',
      'ben: online → offline',
    ]);
    assert.equal(presence.of('ada').state, 'online');
  });

  test('declares nobody offline while the log is away, nor before edges could renew', async () => {
    const { clock, log, told, follow, say } = startWorld();
    await using presence = follow();
    await clock.advance(SECOND_MS);
    say('ada', 'online');
    say('ben', 'online');
    await clock.advance(SECOND_MS);
    const outages = Array.from({ length: PARTITIONS }, (_, partition) =>
      log.faults.makeUnavailable({ topic: TOPIC, partition }),
    );
    await clock.advance(2 * LEASE_MS);
    for (const outage of outages) outage[Symbol.dispose]();
    await clock.advance(HEARTBEAT_MS);
    assert.equal(presence.present, 2);
    say('ada', 'online', presenceHeartbeat);
    await clock.advance(2 * HEARTBEAT_MS + GRACE_MS + SECOND_MS);
    assert.deepEqual(told.slice(2), ['ben: online → offline']);
  });

  test('a short outage keeps nobody online who said goodbye', async () => {
    const { clock, log, told, follow, say } = startWorld();
    await using _presence = follow();
    await clock.advance(SECOND_MS);
    say('ada', 'online');
    await clock.advance(SECOND_MS);
    const outages = Array.from({ length: PARTITIONS }, (_, partition) =>
      log.faults.makeUnavailable({ topic: TOPIC, partition }),
    );
    await clock.advance(5 * SECOND_MS);
    for (const outage of outages) outage[Symbol.dispose]();
    say('ada', 'offline');
    await clock.advance(GRACE_MS + 2 * SECOND_MS);
    assert.deepEqual(told, ['ada: offline → online', 'ada: online → offline']);
  });

  test('waits for a topic that is not there yet', async () => {
    const { clock, log, told, follow } = startWorld();
    await using presence = follow({ topic: 'user.later' });
    await clock.advance(5 * SECOND_MS);
    assert.equal(presence.isCaughtUp, false);
    log.createTopic('user.later', 1);
    await clock.advance(SECOND_MS);
    assert.equal(presence.isCaughtUp, true);
    assert.deepEqual(told, []);
  });

  test('reads partitions that are added, and counts what is no presence', async () => {
    const { clock, log, follow, say } = startWorld();
    await using presence = follow();
    await clock.advance(SECOND_MS);
    log.growTopic(TOPIC, PARTITIONS + 1);
    say('ben', 'online', presenceChanged, PARTITIONS);
    const broken = { key: null, value: Buffer.from('?'), headers: [] };
    log.store({ topic: TOPIC, partition: PARTITIONS }, [broken]);
    await clock.advance(30 * SECOND_MS);
    assert.deepEqual([presence.of('ben').state, presence.undecodable], ['online', 1]);
  });

  test('leaves nothing running behind', async () => {
    const { clock, follow } = startWorld();
    const presence = follow();
    await clock.advance(SECOND_MS);
    await presence[Symbol.asyncDispose]();
    await clock.advance(SECOND_MS);
    assert.equal(clock.pendingTimers, 0);
  });
});
