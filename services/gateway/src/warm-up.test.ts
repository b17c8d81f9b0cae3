import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LogError, type Publisher } from '@sori/stream';
import { VirtualClock } from '@sori/stream/memory';
import { WARM_UP_PAUSE_MS } from './limits.ts';
import { warmUp } from './warm-up.ts';

const logger = {
  warnings: 0,
  debug() {},
  info() {},
  warn() {
    logger.warnings += 1;
  },
  error() {},
  child: () => logger,
};

function publisherThatOpensAt(attempt: number): Pick<Publisher, 'warmUp'> & { attempts: number } {
  const publisher = {
    attempts: 0,
    async warmUp() {
      publisher.attempts += 1;
      if (publisher.attempts < attempt) throw new LogError('unavailable', 'no broker');
    },
  };
  return publisher;
}

describe('warmUp', () => {
  it('tries until the log is there', async () => {
    const clock = new VirtualClock();
    const publisher = publisherThatOpensAt(3);
    await using warming = warmUp({ publisher, topics: ['message.events'], clock, logger });
    await clock.settle();
    assert.equal(warming.isDone(), false);
    await clock.advance(WARM_UP_PAUSE_MS);
    assert.equal(warming.isDone(), false);
    await clock.advance(WARM_UP_PAUSE_MS);
    assert.equal(warming.isDone(), true);
    assert.equal(publisher.attempts, 3);
    assert.equal(logger.warnings, 2);
  });

  it('ends its tries when it is disposed', async () => {
    const clock = new VirtualClock();
    const publisher = publisherThatOpensAt(10);
    const warming = warmUp({ publisher, topics: ['message.events'], clock, logger });
    await clock.settle();
    await warming[Symbol.asyncDispose]();
    await clock.advance(10 * WARM_UP_PAUSE_MS);
    assert.equal(publisher.attempts, 1);
  });
});
