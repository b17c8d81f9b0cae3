import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { planFetch, toFetchTopics } from './fetch-plan.ts';
import { createCursor, type PartitionCursor } from './partition-cursor.ts';

const NODE = 1;
const NOW = 10_000;
const options = { node: NODE, now: NOW, maxWaitMs: 500, turn: 0 };

function cursor(partition: number, changes: Partial<PartitionCursor> = {}): PartitionCursor {
  const made = createCursor({ topic: 'chat.events', partition }, partition * 100);
  return Object.assign(made, { topicId: 'id', leader: NODE }, changes);
}

function planned(cursors: readonly PartitionCursor[], changes = {}): number[] {
  const { fetches } = planFetch(cursors, { ...options, ...changes });
  return fetches.map((fetch) => fetch.cursor.target.partition);
}

describe('a fetch plan', () => {
  test('takes the partitions that the broker leads', () => {
    const cursors = [
      cursor(0),
      cursor(1, { leader: 2 }),
      cursor(2),
      cursor(3, { leader: undefined }),
    ];
    assert.deepEqual(planned(cursors), [0, 2]);
    assert.equal(planFetch(cursors, options).led, 2);
  });

  test('leaves out what is paused, held back, looked up, or failed just now', () => {
    const batch = { topic: 't', partition: 2, records: [], nextOffset: 1, endOffset: 1 };
    const cursors = [
      cursor(0, { paused: true }),
      cursor(1, { suspended: true }),
      cursor(2, { held: batch }),
      cursor(3, { retryAt: NOW + 1 }),
      cursor(4, { topicId: undefined }),
    ];
    assert.deepEqual(planned(cursors), []);
    assert.equal(planFetch(cursors, options).led, 5);
    assert.deepEqual(planned(cursors, { now: NOW + 1 }), [3]);
  });

  test('lets every partition be first in turn, so that none starves behind the byte limit', () => {
    const cursors = [cursor(0), cursor(1), cursor(2)];
    const firsts = [0, 1, 2, 3].map((turn) => planned(cursors, { turn })[0]);
    assert.deepEqual(firsts, [0, 1, 2, 0]);
  });

  test('does not wait past the next retry, or long while a partition was just paused', () => {
    assert.equal(planFetch([cursor(0)], options).waitMs, 500);
    assert.equal(planFetch([cursor(0), cursor(1, { retryAt: NOW + 40 })], options).waitMs, 40);
    const justPaused = cursor(1, { paused: true, pausedAt: NOW - 10 });
    assert.equal(planFetch([cursor(0), justPaused], options).waitMs, 20);
    const longPaused = cursor(1, { paused: true, pausedAt: NOW - 5_000 });
    assert.equal(planFetch([cursor(0), longPaused], options).waitMs, 500);
  });

  test('fetches a suspect alone, without waiting', () => {
    const plan = planFetch([cursor(0), cursor(1, { isolated: true }), cursor(2)], options);
    assert.deepEqual(
      plan.fetches.map((fetch) => fetch.cursor.target.partition),
      [1],
    );
    assert.equal(plan.waitMs, 0);
    assert.deepEqual(planned([cursor(0), cursor(1, { isolated: true, retryAt: NOW + 1 })]), [0]);
  });

  test('is grouped by topic for the client', () => {
    const cursors = [cursor(0), cursor(1, { topicId: 'other' }), cursor(2)];
    const topics = toFetchTopics(planFetch(cursors, options).fetches);
    const shape = topics.map(({ topicId, partitions }) => [
      topicId,
      partitions.map(({ partition, fetchOffset }) => [partition, fetchOffset]),
    ]);
    assert.deepEqual(shape, [
      [
        'id',
        [
          [0, 0n],
          [2, 200n],
        ],
      ],
      ['other', [[1, 100n]]],
    ]);
  });
});
