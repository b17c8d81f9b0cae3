import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { SESSION_COOKIE } from '@sori/http';
import { DependencyUnavailable } from '@sori/stream';
import { createMemoryLog, type MemoryLog } from '@sori/stream/memory';
import { createHealth, createMetrics } from '@sori/telemetry';
import type { Edge, EdgeOptions } from '../edge.ts';
import { GatedReader } from '../testing/gated-reader.ts';
import { readStream, serviceToken, startHttpEdge, tokenOf } from '../testing/http-edge.ts';
import { notificationRecord, type TestNotification } from '../testing/notifications.ts';
import { TEST_TOPIC } from '../testing/test-edge.ts';

const PAGE = 'https://chat.example';

function createLog(): MemoryLog {
  return createMemoryLog({ topics: { [TEST_TOPIC]: 2 } });
}

function notify(log: MemoryLog, notification: Partial<TestNotification> = {}): void {
  const record = notificationRecord({ recipients: ['ann'], sourceId: 'event', ...notification });
  log.store({ topic: TEST_TOPIC, partition: 0 }, [record]);
}

async function withEdge(
  run: (edge: Edge, log: MemoryLog) => Promise<void>,
  options: Partial<EdgeOptions> = {},
): Promise<void> {
  await using log = createLog();
  await using edge = await startHttpEdge(log.reader(), { origins: [PAGE], ...options });
  await run(edge, log);
}

async function open(edge: Edge, headers: Record<string, string> = {}, query = '') {
  const authorization = `Bearer ${await tokenOf('ann')}`;
  return fetch(`${edge.url}/v1/stream${query}`, { headers: { authorization, ...headers } });
}

/** A refused stream: told when to come back, and ended. */
async function assertRefused(response: Response): Promise<void> {
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  const [, ms] = /^retry: (\d+)\n\n$/.exec(await readStream(response)) ?? [];
  assert.ok(Number(ms) >= 3_000 && Number(ms) <= 10_000, `retry: ${ms}`);
}

describe('a stream over HTTP', () => {
  test('starts with when to come back and where it stands', async () => {
    await withEdge(async (edge, log) => {
      notify(log, { sourceId: 'before' });
      const response = await open(edge);
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
      assert.equal(response.headers.get('cache-control'), 'no-store, no-transform');
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      let notified = false;
      const text = await readStream(response, (so) => {
        if (!notified && so.includes('id: ')) notify(log, { sourceId: 'after' });
        notified ||= so.includes('id: ');
        return so.includes('\ndata: ') && so.endsWith('\n\n');
      });
      assert.match(
        text,
        /^retry: \d+\n\nid: 1\.0\n\nid: 2\.0\nevent: message\.chat\.sent\ndata: \{"id":"after",.*\}\n\n$/,
      );
    });
  });

  test('goes on at Last-Event-ID; at ?cursor= where there is none', async () => {
    await withEdge(async (edge, log) => {
      for (const sourceId of ['a', 'b', 'c']) notify(log, { sourceId });
      const isDone = (text: string) => text.includes(`"id":"c"`) && text.endsWith('\n\n');
      const seen = async (headers: Record<string, string>, query: string) =>
        (await readStream(await open(edge, headers, query), isDone)).match(/(?<="id":")\w+/g);
      assert.deepEqual(await seen({ 'last-event-id': '2.0' }, ''), ['c']);
      assert.deepEqual(await seen({}, '?cursor=1.0'), ['b', 'c']);
      assert.deepEqual(await seen({ 'last-event-id': '2.0' }, '?cursor=0.0'), ['c']);
      const [reset] = await Promise.all(
        ['?cursor=x', '?cursor=1.0&cursor=1.0'].map(async (query) =>
          readStream(await open(edge, {}, query), (text) => text.includes('id: ')),
        ),
      );
      assert.match(String(reset), /^retry: \d+\n\nevent: reset\ndata: \{\}\n\nid: 3\.0\n\n$/);
    });
  });

  test('takes a browser’s cookie', async () => {
    await withEdge(async (edge) => {
      const cookie = `${SESSION_COOKIE}=${await tokenOf('ann')}`;
      const response = await fetch(`${edge.url}/v1/stream`, { headers: { cookie, origin: PAGE } });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('access-control-allow-origin'), PAGE);
      assert.equal(response.headers.get('access-control-allow-credentials'), 'true');
      assert.equal(response.headers.get('vary'), 'origin');
      await response.body?.cancel();
    });
  });

  test('whose client is gone is forgotten', async () => {
    const metrics = createMetrics({ service: 'edge' });
    const connections = async () =>
      Number(/^sori_edge_connections\{.*\} (\d+)$/m.exec(await metrics.text())?.[1]);
    await withEdge(
      async (edge) => {
        const { hostname, port } = new URL(edge.url);
        const socket = connect(Number(port), hostname);
        const token = await tokenOf('ann');
        socket.write(
          `GET /v1/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`,
        );
        await new Promise((resolve) => socket.once('data', resolve));
        assert.equal(await connections(), 1);
        socket.resetAndDestroy();
        while ((await connections()) > 0) await new Promise((resolve) => setImmediate(resolve));
      },
      { metrics },
    );
  });
});

describe('whoever cannot be served at all', () => {
  test('has no token, a wrong one, or none of a person', async () => {
    await withEdge(async (edge) => {
      const refused = async (authorization: string | undefined, status: number, code: string) => {
        const headers: Record<string, string> = authorization ? { authorization } : {};
        const response = await fetch(`${edge.url}/v1/stream`, { headers });
        assert.equal(response.status, status);
        assert.equal(((await response.json()) as { code: string }).code, code);
      };
      await refused(undefined, 401, 'token-missing');
      await refused('Bearer x.y.z', 401, 'token-invalid');
      await refused(`Bearer ${await tokenOf('ann', -60)}`, 401, 'token-expired');
      await refused(`Bearer ${await serviceToken()}`, 403, 'not-a-user');
    });
  });

  test('is a page of another origin', async () => {
    await withEdge(async (edge) => {
      const response = await open(edge, { origin: 'https://evil.example' });
      assert.equal(response.status, 403);
      assert.equal(response.headers.get('access-control-allow-origin'), null);
      assert.equal(((await response.json()) as { code: string }).code, 'foreign-origin');
      const own = await open(edge, { origin: edge.url });
      assert.equal(own.status, 200);
      await own.body?.cancel();
    });
  });

  test('is told to stop when account or session are over', async () => {
    await withEdge(async (edge, log) => {
      notify(log, { type: 'user.account.deleted', data: { userId: 'ann' } });
      assert.equal((await open(edge)).status, 204);
    });
  });
});

describe('a preflight', () => {
  const preflight = (edge: Edge, origin: string) =>
    fetch(`${edge.url}/v1/stream`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET' },
    });

  test('allows the headers that clients of their own need', async () => {
    await withEdge(async (edge) => {
      const response = await preflight(edge, PAGE);
      assert.equal(response.status, 204);
      assert.equal(response.headers.get('access-control-allow-origin'), PAGE);
      assert.match(response.headers.get('access-control-allow-headers') ?? '', /last-event-id/);
      assert.equal((await preflight(edge, 'https://evil.example')).status, 403);
    });
  });
});

describe('whoever can be served later is told when', () => {
  test('too many connections', async () => {
    const metrics = createMetrics({ service: 'edge' });
    await withEdge(
      async (edge) => {
        const first = await open(edge);
        await assertRefused(await open(edge));
        assert.match(
          await metrics.text(),
          /sori_edge_refused_total\{reason="connections-per-user",service="edge"\} 1/,
        );
        await first.body?.cancel();
      },
      { metrics, limits: { connectionsPerUser: 1 } },
    );
  });

  test('the keys of tokens cannot be had', async () => {
    const verify = () => Promise.reject(new DependencyUnavailable('key-set'));
    await withEdge(async (edge) => assertRefused(await open(edge)), { verifier: { verify } });
  });

  test('the feed has not been read up to its end; the edge is not ready then', async () => {
    await using log = createLog();
    notify(log);
    const reader = new GatedReader(log.reader());
    reader.hold(0);
    const { port, url } = await freePort();
    const starting = startHttpEdge(reader, { port });
    await assertRefused(await open({ url } as Edge));
    assert.equal((await fetch(`${url}/readyz`)).status, 503);
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    reader.release(0);
    await using _ = await starting;
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
  });
});

test('an edge whose log is away stays ready, and says so', async () => {
  await withEdge(async (edge, log) => {
    using _ = log.faults.makeUnavailable({ topic: TEST_TOPIC, partition: 1 });
    const ready = await fetch(`${edge.url}/readyz`);
    assert.deepEqual(await ready.json(), {
      status: 'ok',
      notes: [{ name: 'log', problem: '1 partitions cannot be read now' }],
    });
  });
});

test('an edge that stops is not ready, ends its streams, and is gone', async () => {
  await using log = createLog();
  const health = createHealth();
  const edge = await startHttpEdge(log.reader(), { health });
  const response = await open(edge);
  const text = readStream(response);
  await edge[Symbol.asyncDispose]();
  assert.match(await text, /^retry: \d+\n\nid: 0\.0\n\nretry: \d+\n\n$/);
  assert.equal((await health.report('ready')).ok, false);
  await assert.rejects(open(edge));
});

/** A port that is free now. */
async function freePort(): Promise<{ readonly port: number; readonly url: string }> {
  await using log = createLog();
  await using edge = await startHttpEdge(log.reader());
  return { port: Number(new URL(edge.url).port), url: edge.url };
}
