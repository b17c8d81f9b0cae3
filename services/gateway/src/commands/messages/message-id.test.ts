import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messageIdOf } from './message-id.ts';

const ORIGIN = {
  userId: 'anna',
  roomId: 'r1',
  clientMessageId: '0f7c1b1e-6d0c-4a52-9d43-4f8c5a8f2a10',
};

describe('messageIdOf', () => {
  it('is the same for the same sender, room and clientMessageId', () => {
    assert.equal(messageIdOf(ORIGIN), messageIdOf({ ...ORIGIN }));
  });

  it('is another for another sender, room or clientMessageId', () => {
    const others = [
      { ...ORIGIN, userId: 'boris' },
      { ...ORIGIN, roomId: 'r2' },
      { ...ORIGIN, clientMessageId: '0f7c1b1e-6d0c-4a52-9d43-4f8c5a8f2a11' },
    ].map(messageIdOf);
    assert.equal(new Set([messageIdOf(ORIGIN), ...others]).size, 4);
  });
});
