import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { catalog } from '@sori/chat-events';
import { silentLogger } from '@sori/postgres/testing';
import { DeliveryFailed, DeliveryUnknown } from '@sori/stream';
import { createMemoryLog, VirtualClock } from '@sori/stream/memory';
import { TermPublisher } from './term-publisher.ts';

const TARGET = { topic: 'chat.events', partition: 0 };
const RECORD = { key: null, value: Buffer.from('{}'), headers: [] };

async function createSurroundings() {
  const clock = new VirtualClock();
  const log = createMemoryLog({ topics: { [TARGET.topic]: 3 }, clock });
  const state = { mayPublish: true };
  const publisher = new TermPublisher({
    catalog,
    log: log.writer(),
    source: '/sori/test',
    clock,
    logger: silentLogger,
  });
  await publisher.warmUp([TARGET.topic]);
  return {
    clock,
    log,
    publisher,
    state,
    append: () => publisher.append(TARGET, RECORD, 'event-1'),
    stored: () => log.records(TARGET.topic).length,
    async close() {
      const closed = publisher[Symbol.asyncDispose]();
      await clock.advance(1);
      await closed;
    },
  };
}

describe('the publisher of a term', () => {
  test('sends nothing before the term begins', async () => {
    const { append, clock, publisher, state, stored } = await createSurroundings();
    const appended = append();
    await clock.advance(1_000);
    assert.equal(stored(), 0);
    publisher.begin(() => state.mayPublish);
    await clock.advance(1_000);
    assert.equal((await appended).offset, 0);
  });

  test('does not send what it took while it might still publish', async () => {
    const { append, close, clock, log, publisher, state, stored } = await createSurroundings();
    publisher.begin(() => state.mayPublish);
    const rejected = assert.rejects(append(), DeliveryFailed);
    state.mayPublish = false;
    await clock.advance(1_000);
    assert.equal(log.faults.appendsArrived(TARGET), 0);
    await close();
    await rejected;
    assert.equal(stored(), 0);
  });

  test('is not flushed when it is closed', async () => {
    const { append, close, clock, log, publisher } = await createSurroundings();
    publisher.begin(() => true);
    const rejected = assert.rejects(append(), DeliveryFailed);
    await close();
    await rejected;
    await clock.advance(60_000);
    assert.equal(publisher.closed, true);
    assert.equal(log.faults.appendsArrived(TARGET), 0);
  });

  test('ends an append that is under way when it is closed', async () => {
    const { append, close, clock, log, publisher, stored } = await createSurroundings();
    publisher.begin(() => true);
    const held = log.faults.holdAppends(TARGET);
    const rejected = assert.rejects(append(), DeliveryUnknown);
    await clock.advance(1_000);
    assert.equal(log.faults.appendsArrived(TARGET), 1);
    await close();
    await rejected;
    held[Symbol.dispose]();
    await clock.advance(60_000);
    assert.equal(stored(), 0);
  });
});
