import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OutboxRow } from '@sori/postgres';
import { DeliveryFailed, DeliveryUnknown, LogError, RecordTooLarge } from '@sori/stream';
import { VirtualClock } from '@sori/stream/memory';
import { type LaneContext, runLane } from './lane.ts';
import { DEFAULT_RELAY_LIMITS } from './limits.ts';
import { createTurnstile } from './turnstile.ts';

const { refusals: REFUSALS, retryMaxMs: RETRY_MAX_MS } = DEFAULT_RELAY_LIMITS;
const REFUSED = new LogError('rejected', 'no');

function row(id: string): OutboxRow {
  const value = Buffer.from(`value ${id}`);
  return { id, topic: 't', key: 'k', eventId: `event-${id}`, value, headers: [] };
}

/** A lane's surroundings: `answer` says what becomes of the nth append. */
function createSurroundings(answer: (eventId: string, append: number) => Promise<void>) {
  const clock = new VirtualClock();
  const ending = new AbortController();
  const said: string[] = [];
  const appended: string[] = [];
  const state = { mayPublish: true };
  const context: LaneContext = {
    clock,
    limits: DEFAULT_RELAY_LIMITS,
    oneAtATime: createTurnstile(),
    ending: ending.signal,
    publisher: {
      async append({ topic }, record, eventId) {
        assert.equal(topic, 't');
        assert.equal(String(record.key), 'k');
        appended.push(eventId);
        await answer(eventId, appended.length);
        return { id: eventId, topic, partition: 0, offset: 0, time: '' };
      },
    },
    listener: {
      mayPublish: () => state.mayPublish,
      published: ({ id }) => said.push(`published ${id}`),
      failed: ({ id }) => said.push(`failed ${id}`),
      parked: ({ id }) => said.push(`parked ${id}`),
    },
  };
  return { appended, clock, context, ending, said, state };
}

describe('a lane', () => {
  test('sends a row only when the one before is acknowledged', async () => {
    const gates = [1, 2].map(() => Promise.withResolvers<void>());
    const { appended, clock, context, said } = createSurroundings(
      (_, append) => gates[append - 1]?.promise ?? Promise.resolve(),
    );
    const run = runLane([row('1'), row('2'), row('3')], context);
    await clock.advance(60_000);
    assert.deepEqual(appended, ['event-1']);
    gates[0]?.resolve();
    await clock.settle();
    assert.deepEqual(appended, ['event-1', 'event-2']);
    assert.deepEqual(said, ['published 1']);
    gates[1]?.resolve();
    await run;
    assert.deepEqual(said, ['published 1', 'published 2', 'published 3']);
  });

  test('tries a row until it passes, with longer and longer pauses, up to a limit', async () => {
    const tries: number[] = [];
    const { clock, context, said } = createSurroundings(async (eventId, append) => {
      if (eventId === 'event-1') tries.push(clock.now());
      if (append <= 10) throw new DeliveryUnknown(eventId);
    });
    const run = runLane([row('1'), row('2')], context);
    await clock.advance(11 * RETRY_MAX_MS);
    await run;
    assert.deepEqual(said.slice(-2), ['published 1', 'published 2']);
    assert.equal(said.filter((line) => line === 'failed 1').length, 10);
    const pauses = tries.slice(1).map((at, n) => at - (tries[n] ?? 0));
    assert.ok(pauses.every((ms) => ms >= 50 && ms <= RETRY_MAX_MS));
    assert.ok((pauses[0] ?? 0) <= 100 && (pauses.at(-1) ?? 0) >= RETRY_MAX_MS / 2);
  });

  test('parks what no try can publish, at once, and goes on', async () => {
    const { context, said } = createSurroundings(async (eventId) => {
      if (eventId === 'event-1') throw new RecordTooLarge('t', 2, 1);
    });
    await runLane([row('1'), row('2')], context);
    assert.deepEqual(said, ['parked 1', 'published 2']);
  });

  test('parks what is refused again and again, after a number of tries', async () => {
    const { appended, clock, context, said } = createSurroundings(async (eventId) => {
      if (eventId !== 'event-1') return;
      throw new DeliveryFailed(eventId, 'no', false, { cause: REFUSED });
    });
    const run = runLane([row('1'), row('2')], context);
    await clock.advance(REFUSALS * RETRY_MAX_MS);
    await run;
    assert.equal(appended.filter((id) => id === 'event-1').length, REFUSALS);
    assert.deepEqual(said.slice(-2), ['parked 1', 'published 2']);
  });

  test('does not count an outage as a refusal', async () => {
    const { clock, context, said } = createSurroundings(async (eventId, append) => {
      if (append === 1) throw new DeliveryFailed(eventId, 'no', false, { cause: REFUSED });
      if (append <= 20) throw new DeliveryFailed(eventId, 'away', true);
    });
    const run = runLane([row('1')], context);
    await clock.advance(21 * RETRY_MAX_MS);
    await run;
    assert.equal(said.at(-1), 'published 1');
  });

  test('stops before an append when the relay may not publish any longer', async () => {
    const { appended, context, said, state } = createSurroundings(async () => {
      state.mayPublish = false;
    });
    await runLane([row('1'), row('2')], context);
    assert.deepEqual(appended, ['event-1']);
    assert.deepEqual(said, ['published 1']);
  });

  test('does not wait out a pause when the term ends', async () => {
    const { clock, context, ending, said, state } = createSurroundings(async (eventId) => {
      throw new DeliveryUnknown(eventId);
    });
    const run = runLane([row('1'), row('2')], context);
    await clock.settle();
    state.mayPublish = false;
    ending.abort();
    await run;
    assert.deepEqual(said, ['failed 1']);
    assert.equal(clock.pendingTimers, 0);
  });
});
