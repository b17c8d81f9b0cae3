import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { catalog, feedAppended, presenceChanged } from '@sori/chat-events';
import { silentLogger } from '@sori/kafka/testing';
import { until } from '@sori/postgres/testing';
import { createPublisher } from '@sori/stream';
import {
  type ClusterEdge,
  type PresenceCluster,
  startPresenceCluster,
  Watcher,
} from './testing/presence-cluster.ts';

const LIMITS = { presenceLeaseMs: 4_000, presenceHeartbeatMs: 1_000, presenceGraceMs: 3_000 };
/** More than the seed asks for in a second, ten times over. */
const CROWD = 500;
const CHANGES_EACH = 10;

describe('presence of two edges on Kafka and Postgres', { concurrency: true }, () => {
  let cluster: PresenceCluster;
  let near: ClusterEdge;
  let far: ClusterEdge;
  const closing = new AsyncDisposableStack();

  before(async () => {
    cluster = closing.use(await startPresenceCluster());
    [near, far] = await Promise.all([cluster.startEdge(LIMITS), cluster.startEdge(LIMITS)]);
    closing.use(near);
    closing.use(far);
  });
  after(() => closing.disposeAsync());

  async function watcherOf(userId: string, ...friends: readonly string[]): Promise<Watcher> {
    await cluster.befriend(userId, ...friends);
    const watcher = await Watcher.open(near, userId);
    await until('the snapshot is there', () => watcher.told.length > 0);
    return watcher;
  }

  test('friends come and go, wherever they are; strangers are not told', async () => {
    await cluster.befriend('a-stranger');
    await using stranger = await Watcher.open(near, 'a-stranger');
    await using ann = await watcherOf('a-ann', 'a-ben');
    {
      await using ben = await Watcher.open(far, 'a-ben');
      await ben.until('a-ann', 'online');
      await ann.until('a-ben', 'online');
    }
    await ann.until('a-ben', 'offline');
    assert.deepEqual(ann.told, ['all', 'a-ben online', 'a-ben offline']);
    assert.deepEqual(stranger.told, ['all']);
  });

  test('several devices, on both edges: the last one that goes is the end', async () => {
    await using ann = await watcherOf('b-ann', 'b-ben', 'b-sign');
    {
      await using _phone = await Watcher.open(near, 'b-ben');
      {
        await using _laptop = await Watcher.open(far, 'b-ben');
        await ann.until('b-ben', 'online');
      }
      // Somebody else comes and goes meanwhile: longer than the grace.
      {
        await using _sign = await Watcher.open(far, 'b-sign');
        await ann.until('b-sign', 'online');
      }
      await ann.until('b-sign', 'offline');
    }
    await ann.until('b-ben', 'offline');
    assert.deepEqual(
      ann.told.filter((line) => line.startsWith('b-ben')),
      ['b-ben online', 'b-ben offline'],
    );
    assert.ok(ann.told.indexOf('b-sign offline') < ann.told.indexOf('b-ben offline'));
  });

  test('an edge that dies takes only its own people with it, a lease later', async () => {
    const dying = await cluster.startEdge(LIMITS);
    await using ann = await watcherOf('c-ann', 'c-ben', 'c-cho');
    const ben = await Watcher.open(dying, 'c-ben');
    await using _cho = await Watcher.open(far, 'c-cho');
    const choAtHome = await Watcher.open(dying, 'c-cho');
    await ann.until('c-ben', 'online');
    await ann.until('c-cho', 'online');
    dying.silence();
    await Promise.all([ben, choAtHome].map((device) => device[Symbol.asyncDispose]()));
    await ann.until('c-ben', 'offline');
    assert.equal(ann.friends.get('c-cho'), 'online');
    assert.ok(!ann.told.includes('c-cho offline'));
    await dying[Symbol.asyncDispose]();
  });

  test('a drained edge hands its people over, and nobody sees it', async () => {
    const leaving = await cluster.startEdge(LIMITS);
    await using ann = await watcherOf('d-ann', 'd-ben', 'd-sign');
    const ben = await Watcher.open(leaving, 'd-ben');
    await ann.until('d-ben', 'online');
    const drained = leaving[Symbol.asyncDispose]();
    await using _moved = await Watcher.open(far, 'd-ben');
    await ben[Symbol.asyncDispose]();
    await drained;
    {
      await using _sign = await Watcher.open(far, 'd-sign');
      await ann.until('d-sign', 'online');
    }
    await ann.until('d-sign', 'offline');
    assert.ok(!ann.told.includes('d-ben offline'));
  });

  test('thousands of changes: everybody ends as they are, and the feed goes on', async () => {
    const crowd = Array.from({ length: CROWD }, (_, index) => `e-${index}`);
    await using ann = await watcherOf('e-ann', ...crowd);
    await using publisher = createPublisher({
      catalog,
      log: cluster.writer(),
      source: '/test',
      logger: silentLogger,
    });
    const publishing = Array.from({ length: CHANGES_EACH }, (_, round) =>
      crowd.map((userId) =>
        publisher.publish(
          presenceChanged({
            userId,
            sessionId: userId,
            edgeId: 'other',
            device: 'desktop',
            leaseMs: 60_000,
            state: round % 2 === 0 ? 'away' : 'online',
            since: new Date().toISOString(),
          }),
        ),
      ),
    );
    const time = new Date().toISOString();
    const fed = publisher.publish(
      feedAppended({
        targetId: 'e-ann',
        target: 'user',
        source: { type: 'user.settings.updated', id: 'e', time, data: {} },
        recipients: ['e-ann'],
        silent: [],
        chunk: 0,
        chunks: 1,
      }),
    );
    await Promise.all([...publishing.flat(), fed]);
    await until('the whole crowd is online', () =>
      crowd.every((userId) => ann.friends.get(userId) === 'online'),
    );
    await until('the feed was shown', () => ann.events.length > 0);
    const text = await near.metrics.text();
    const changes = Number(/sori_edge_presence_changes_total\{[^}]*\} (\d+)/.exec(text)?.[1]);
    assert.ok(changes >= CROWD * CHANGES_EACH, `${changes} changes`);
    const frames = ann.told.length;
    assert.ok(frames < CROWD * CHANGES_EACH, 'changes of a second are told together');
  });
});
