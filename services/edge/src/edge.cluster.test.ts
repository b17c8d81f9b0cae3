import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { type FeedFrame, followFeed } from '@sori/client';
import { createKafka, type Kafka } from '@sori/kafka';
import { createTestTopics, silentLogger, type TestTopics, testCluster } from '@sori/kafka/testing';
import type { PartitionWriter } from '@sori/stream';
import { createMetrics, type Metrics } from '@sori/telemetry';
import type { Edge } from './edge.ts';
import type { EdgeLimits } from './limits.ts';
import { startHttpEdge, tokenOf } from './testing/http-edge.ts';
import { notificationRecord, type TestNotification } from './testing/notifications.ts';

const PARTITIONS = 3;
const LIMIT_MS = 60_000;

describe('an edge on Kafka', () => {
  const cluster = testCluster();
  let topics: TestTopics;
  let kafka: Kafka;
  let topic: string;
  let lanes: readonly PartitionWriter[];
  let closing: AsyncDisposableStack;

  before(() => {
    topics = createTestTopics(cluster);
    kafka = createKafka(cluster);
  });
  after(async () => {
    await kafka[Symbol.asyncDispose]();
    await topics[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    closing = new AsyncDisposableStack();
    topic = await topics.create(PARTITIONS);
    const writer = closing.use(kafka.writer());
    const open = (partition: number) =>
      writer.openPartition({ topic, partition }, { compression: 'snappy' });
    lanes = await Promise.all(
      Array.from({ length: PARTITIONS }, (_, partition) => open(partition)),
    );
  });
  afterEach(async () => {
    await closing.disposeAsync();
    await topics.delete(topic);
  });

  interface RunningEdge extends Edge {
    readonly metrics: Metrics;
  }

  async function startEdge(limits: Partial<EdgeLimits> = {}, port = 0): Promise<RunningEdge> {
    const metrics = createMetrics({ service: 'edge' });
    const log = closing.use(kafka.reader());
    const options = { topic, limits, metrics, port, logger: silentLogger };
    const edge = closing.use(await startHttpEdge(log, options));
    return { ...edge, metrics };
  }

  let notified = 0;

  /** Appends that many notifications to each partition, in one batch, and gives their source ids. */
  async function notify(times: number, notification: Partial<TestNotification> = {}) {
    const batches = lanes.map((_, partition) =>
      Array.from({ length: times }, () => `${partition}-${notified++}`),
    );
    await Promise.all(
      batches.map((ids, partition) =>
        lanes[partition]?.append(
          ids.map((sourceId) =>
            notificationRecord({ recipients: ['ann'], sourceId, ...notification }),
          ),
        ),
      ),
    );
    return batches;
  }

  /** A person who follows the feed until the test ends. */
  async function follow(edgeUrl: string, userId = 'ann', lifetimeSeconds = 600, cursor?: string) {
    const frames: FeedFrame[] = [];
    const connections: boolean[] = [];
    const abort = new AbortController();
    const changed = new EventTarget();
    const tell = () => changed.dispatchEvent(new Event('change'));
    const ended = followFeed({
      edgeUrl,
      token: await tokenOf(userId, lifetimeSeconds),
      ...(cursor === undefined ? {} : { cursor }),
      onFrame(frame) {
        frames.push(frame);
        tell();
      },
      onConnection(isOpen) {
        connections.push(isOpen);
        tell();
      },
      signal: abort.signal,
    });
    // Awaited at the end of the test, or by the test.
    ended.catch(() => {});
    closing.defer(() => abort.abort());
    async function until(condition: () => boolean): Promise<void> {
      const signal = AbortSignal.timeout(LIMIT_MS);
      while (!condition()) {
        await new Promise((resolve, reject) => {
          signal.addEventListener('abort', reject, { once: true });
          changed.addEventListener('change', resolve, { once: true });
        });
      }
    }
    await until(() => connections.includes(true));
    return { frames, connections, ended, abort, until };
  }

  /** Source ids that a person was shown, partition by partition. */
  function shown(frames: readonly FeedFrame[]): readonly string[][] {
    const ids = frames.map(({ data }) => (data as { id: string }).id);
    return lanes.map((_, partition) => ids.filter((id) => id.startsWith(`${partition}-`)));
  }

  async function count(metrics: Metrics, name: string, labels = ''): Promise<number> {
    const text = await metrics.text();
    const line = text.split('\n').find((each) => each.startsWith(`${name}{${labels}`));
    return Number(line?.split(' ').at(-1) ?? 0);
  }

  test('shows what happens, to those it is for, once and in order', async () => {
    const edge = await startEdge();
    const [ann, ben] = await Promise.all([follow(edge.url), follow(edge.url, 'ben')]);
    const sent = [await notify(100), await notify(100)];
    await notify(1, { recipients: ['ben'] });
    await Promise.all([
      ann.until(() => ann.frames.length >= 600),
      ben.until(() => ben.frames.length >= 3),
    ]);
    assert.deepEqual(
      shown(ann.frames),
      lanes.map((_, partition) => sent.flatMap((batches) => batches[partition] ?? [])),
    );
    assert.equal(ben.frames.length, 3);
    assert.match(ann.frames.at(-1)?.id ?? '', /^\d+\.\d+\.\d+$/);
  });

  test('that is started again knows what went before: a resume misses nothing', async () => {
    const first = await startEdge();
    const ann = await follow(first.url);
    const before = await notify(50);
    await ann.until(() => ann.frames.length >= 150);
    await first[Symbol.asyncDispose]();
    const meanwhile = await notify(50);
    const second = await startEdge({}, Number(new URL(first.url).port));
    await ann.until(() => ann.frames.length >= 300);
    const after = await notify(1);
    await ann.until(() => ann.frames.length >= 303);
    assert.deepEqual(
      shown(ann.frames),
      lanes.map((_, p) => [before, meanwhile, after].flatMap((batches) => batches[p] ?? [])),
    );
    assert.ok(!ann.frames.some(({ event }) => event === 'reset'));
    assert.equal(await count(second.metrics, 'sori_edge_replays_total', 'source="ring"'), 1);
  });

  test('reads the log for a resume below its ring, and says so when that is too far', async () => {
    const sent = await notify(400);
    const edge = await startEdge({ ringBytes: 20_000, logReplayRecords: 1_200 });
    const ann = await follow(edge.url, 'ann', 600, '0.0.0');
    await ann.until(() => ann.frames.length >= 1_200);
    assert.deepEqual(shown(ann.frames), sent);
    assert.equal(await count(edge.metrics, 'sori_edge_replays_total', 'source="log"'), 1);
    await notify(400);
    await ann.until(() => ann.frames.length >= 2_400);
    const late = await follow(edge.url, 'ann', 600, '0.0.0');
    assert.deepEqual(late.frames, [{ event: 'reset', id: undefined, data: {} }]);
    const live = await notify(1);
    await late.until(() => late.frames.length >= 4);
    assert.deepEqual(shown(late.frames.slice(1)), live);
  });

  test('starts anew with whoever holds a place of another log', async () => {
    const edge = await startEdge();
    const ann = await follow(edge.url, 'ann', 600, '5.5.5');
    assert.deepEqual(
      ann.frames.map(({ event }) => event),
      ['reset'],
    );
  });

  test('writes to 500 people at once', async () => {
    const edge = await startEdge();
    const people = Array.from({ length: 500 }, (_, index) => `person-${index}`);
    const clients = await Promise.all(people.map((person) => follow(edge.url, person)));
    assert.equal(await count(edge.metrics, 'sori_edge_connections'), 500);
    const sent = await notify(5, { recipients: people });
    await Promise.all(clients.map(({ frames, until }) => until(() => frames.length >= 15)));
    for (const { frames } of clients) assert.deepEqual(shown(frames), sent);
    assert.equal(await count(edge.metrics, 'sori_edge_frames_total'), 7_500);
  });

  test('closes a client that does not read, and holds nobody up for it', async () => {
    const edge = await startEdge();
    const ann = await follow(edge.url);
    const { hostname, port } = new URL(edge.url);
    const socket = connect(Number(port), hostname);
    closing.defer(() => void socket.destroy());
    const authorization = `Bearer ${await tokenOf('ann')}`;
    socket.write(`GET /v1/stream HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\n\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    const closed = () => count(edge.metrics, 'sori_edge_slow_closed_total', 'reason="backlog"');
    let rounds = 0;
    while ((await closed()) === 0) {
      rounds++;
      assert.ok(rounds < 500, 'no kernel holds so much');
      await notify(1, { data: { text: 'x'.repeat(50_000) } });
      await ann.until(() => ann.frames.length >= rounds * PARTITIONS);
    }
    assert.ok(ann.connections.every((isOpen) => isOpen));
  });

  test('ends a stream with its token, and the client stops', async () => {
    const edge = await startEdge();
    const ann = await follow(edge.url, 'ann', 2);
    await ann.until(() => ann.frames.length >= 1);
    assert.deepEqual(ann.frames, [
      { event: 'session-ended', id: undefined, data: { reason: 'token-expired' } },
    ]);
    await ann.until(() => ann.connections.includes(false));
  });

  test('that drains hands its people over to another, and nothing is missing', async () => {
    const [leaving, staying] = [await startEdge({ drainPerSecond: 20 }), await startEdge()];
    const people = Array.from({ length: 40 }, (_, index) => `person-${index}`);
    const clients = await Promise.all(people.map((person) => follow(leaving.url, person)));
    const draining = leaving[Symbol.asyncDispose]();
    const sent = await notify(1, { recipients: people });
    await draining;
    await Promise.all(
      clients.map(({ connections, until }) => until(() => connections.includes(false))),
    );
    const moved = await Promise.all(
      clients.map(async ({ frames, abort }, index) => {
        abort.abort();
        const cursor = frames.at(-1)?.id ?? '0.0.0';
        const rest = await follow(staying.url, people[index], 600, cursor);
        await rest.until(() => frames.length + rest.frames.length >= PARTITIONS);
        return [...frames, ...rest.frames];
      }),
    );
    for (const frames of moved) assert.deepEqual(shown(frames), sent);
  });
});
