import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalyticsSnapshot } from '@sori/api';
import { silentLogger } from '@sori/postgres/testing';
import { DependencyUnavailable } from '@sori/stream';
import { VirtualClock } from '@sori/stream/memory';
import { AnalyticsFeed, type Listener } from './analytics-feed.ts';

function snapshotOf(second: number): AnalyticsSnapshot {
  return {
    time: new Date(second * 1_000).toISOString(),
    second,
    topics: [],
    online: 0,
    activeUsers: { minute: 0, hour: 0, day: 0 },
    lastHour: {
      messages: 0,
      signUps: 0,
      friendRequestsSent: 0,
      friendRequestsAccepted: 0,
      deadLetters: 0,
      onlinePeak: 0,
    },
  };
}

class RecordingListener implements Listener {
  readonly heard: string[] = [];
  ended = false;

  send(frame: Buffer): void {
    const [, event = '', data = ''] = /^event: (.*)\ndata: (.*)\n\n$/.exec(frame.toString()) ?? [];
    const { second } = JSON.parse(data) as Partial<AnalyticsSnapshot>;
    this.heard.push(second === undefined ? event : `${event} ${second}`);
  }

  end(): void {
    this.ended = true;
  }
}

function world() {
  const clock = new VirtualClock(0);
  const state = { taken: 0, failure: undefined as Error | undefined };
  const feed = new AnalyticsFeed({
    async take() {
      state.taken += 1;
      if (state.failure !== undefined) throw state.failure;
      return snapshotOf(clock.now() / 1_000);
    },
    clock,
    logger: silentLogger,
  });
  return { clock, state, feed };
}

test('one snapshot a second is taken for all, and none for nobody', async () => {
  const { clock, state, feed } = world();
  await clock.advance(5_000);
  assert.equal(state.taken, 0);
  const [one, other] = [new RecordingListener(), new RecordingListener()];
  feed.add(one);
  await clock.advance(1_500);
  feed.add(other);
  await clock.advance(1_000);
  assert.deepEqual(one.heard, ['snapshot 5', 'snapshot 6', 'snapshot 7']);
  assert.deepEqual(other.heard, ['snapshot 6', 'snapshot 7'], 'a newcomer need not wait');
  assert.equal(state.taken, 3);
  feed.remove(one);
  feed.remove(other);
  await clock.advance(5_000);
  assert.equal(state.taken, 3);
  assert.equal(clock.pendingTimers, 0);
});

test('who comes after all had left gets no old snapshot', async () => {
  const { clock, feed } = world();
  const one = new RecordingListener();
  feed.add(one);
  await clock.advance(0);
  feed.remove(one);
  await clock.advance(60_000);
  const other = new RecordingListener();
  feed.add(other);
  await clock.advance(0);
  assert.deepEqual(other.heard, ['snapshot 60']);
});

test('an outage is told once, and over when snapshots come again', async () => {
  const { clock, state, feed } = world();
  const one = new RecordingListener();
  feed.add(one);
  await clock.advance(0);
  state.failure = new DependencyUnavailable('postgres');
  await clock.advance(3_000);
  const late = new RecordingListener();
  feed.add(late);
  state.failure = undefined;
  await clock.advance(1_000);
  assert.deepEqual(one.heard, ['snapshot 0', 'unavailable', 'snapshot 4']);
  assert.deepEqual(late.heard, ['unavailable', 'snapshot 4']);
});

test('a mistake of ours ends the streams, and so does the end of the server', async () => {
  const { clock, state, feed } = world();
  const one = new RecordingListener();
  feed.add(one);
  state.failure = new Error('no such column');
  await clock.advance(1_000);
  assert.equal(one.ended, true);
  state.failure = undefined;
  const other = new RecordingListener();
  feed.add(other);
  await clock.advance(0);
  feed[Symbol.dispose]();
  assert.equal(other.ended, true);
  assert.deepEqual([feed.listeners, clock.pendingTimers], [0, 0]);
});
