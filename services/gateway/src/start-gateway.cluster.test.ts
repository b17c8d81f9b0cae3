import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { messageEvents } from '@sori/chat-events';
import { createPool } from '@sori/postgres';
import { silentLogger } from '@sori/postgres/testing';
import { createMemoryLog } from '@sori/stream/memory';
import { startTestGateway, type TestGateway } from './testing/test-gateway.ts';

describe('a gateway', () => {
  it('is ready when it has opened the log and the database answers', async () => {
    await using gateway = await startTestGateway();
    const anna = await gateway.person();
    assert.equal((await gateway.anybody.request('GET', '/healthz')).status, 200);
    const { status } = await gateway.anybody.request('GET', '/readyz');
    assert.equal(status, 200);
    await anna.request('GET', '/v1/me');
    const metrics = await gateway.anybody.request('GET', '/metrics');
    assert.match(metrics.text, /service="gateway"/);
  });

  it('is alive and not ready without the log; messages wait no longer than they may', async () => {
    await using log = createMemoryLog();
    const publisherLimits = { deliveryDeadlineMs: 200 };
    await using gateway = await startTestGateway({ log: log.writer(), publisherLimits });
    const anna = await gateway.person();
    const room = { kind: 'group', name: 'Room', memberIds: [] };
    const { body } = await anna.request('POST', '/v1/rooms', room);
    assert.equal((await gateway.anybody.request('GET', '/healthz')).status, 200);
    const ready = await gateway.anybody.request('GET', '/readyz');
    assert.equal(ready.status, 503);
    assert.deepEqual(ready.body.problems, [{ name: 'log', problem: 'not opened yet' }]);
    const message = { clientMessageId: '0f7c1b1e-6d0c-4a52-9d43-4f8c5a8f2a10', text: 'hello' };
    const sent = await anna.request('POST', `/v1/rooms/${body.room.id}/messages`, message);
    assert.equal(sent.status, 503);
  });

  it('is alive and not ready without the database, and says so of every request', async () => {
    const url = 'postgres://nobody@127.0.0.1:1/nothing';
    await using pool = createPool({ url, applicationName: 'test', logger: silentLogger });
    await using gateway = await startTestGateway({ pool });
    assert.equal((await gateway.anybody.request('GET', '/healthz')).status, 200);
    const ready = await gateway.anybody.request('GET', '/readyz');
    assert.equal(ready.status, 503);
    assert.equal(ready.body.problems[0].name, 'database');
    const anna = gateway.withToken(await gateway.tokenOf({ subject: 'anna' }));
    const message = { clientMessageId: '0f7c1b1e-6d0c-4a52-9d43-4f8c5a8f2a10', text: 'hello' };
    for (const [method, path, body] of [
      ['GET', '/v1/me'],
      ['POST', '/v1/dev/sessions', { handle: 'anna' }],
      ['POST', '/v1/rooms/r/messages', message],
      ['DELETE', '/v1/sessions/current'],
    ] as const) {
      const answer = await anna.request(method, path, body);
      if (path === '/v1/sessions/current') assert.equal(answer.status, 204);
      else assert.deepEqual([answer.status, answer.body.code], [503, 'dependency-unavailable']);
      assert.doesNotMatch(answer.text, /ECONNREFUSED|127\.0\.0\.1|postgres/);
    }
  });

  it('answers what it has begun, and stores it, before it goes', async () => {
    const gateway = await startTestGateway();
    const anna = await gateway.person();
    const room = { kind: 'group', name: 'Room', memberIds: [] };
    const { body } = await anna.request('POST', '/v1/rooms', room);
    const hold = Array.from({ length: messageEvents.partitions }, (_, partition) =>
      gateway.log.faults.holdAppends({ topic: messageEvents.name, partition }),
    );
    const arrived = () =>
      Array.from({ length: messageEvents.partitions }, (_, partition) =>
        gateway.log.faults.appendsArrived({ topic: messageEvents.name, partition }),
      ).reduce((sum, count) => sum + count, 0);
    const message = { clientMessageId: '0f7c1b1e-6d0c-4a52-9d43-4f8c5a8f2a10', text: 'hello' };
    const sending = anna.request('POST', `/v1/rooms/${body.room.id}/messages`, message);
    while (arrived() === 0) await new Promise(setImmediate);
    const going = gateway[Symbol.asyncDispose]();
    for (const one of hold) one[Symbol.dispose]();
    assert.equal((await sending).status, 201);
    await going;
    await assert.rejects(anna.request('GET', '/v1/me'), TypeError);
  });
});

describe('the description of the API', () => {
  it('is OpenAPI 3.1, names every route once, and has a page to try it', async () => {
    await using gateway = await startTestGateway();
    const { status, body } = await gateway.anybody.request('GET', '/openapi.json');
    assert.equal(status, 200);
    assert.equal(body.openapi, '3.1.0');
    const operations = Object.values<Record<string, { operationId?: string }>>(body.paths).flatMap(
      (methods) => Object.values(methods),
    );
    const names = operations.map(({ operationId }) => operationId);
    assert.equal(new Set(names).size, names.length);
    assert.ok(!names.includes(undefined));
    assert.ok(names.includes('sendMessage'));
    const page = await gateway.anybody.request('GET', '/docs/');
    assert.equal(page.status, 200);
    assert.match(page.text, /openapi\.json/);
    assert.doesNotMatch(page.text, /https?:\/\/(?!127)/);
    assert.equal((await gateway.anybody.request('GET', '/docs/js/scalar.js')).status, 200);
  });
});

describe('the page', () => {
  const HTML = { accept: 'text/html,*/*' };
  let gateway: TestGateway;
  let webRoot: string;
  before(async () => {
    webRoot = await mkdtemp(join(tmpdir(), 'sori-page-'));
    await mkdir(join(webRoot, 'assets'));
    await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>Sori</title>');
    await writeFile(join(webRoot, 'assets', 'index-4f8c5a8f.js'), 'export {};');
    gateway = await startTestGateway({ webRoot, edgeUrl: 'https://edge.example/base' });
  });
  after(async () => {
    await gateway[Symbol.asyncDispose]();
    await rm(webRoot, { recursive: true });
  });

  it('comes with a policy that lets it speak to the edge only, and is looked up anew', async () => {
    for (const path of ['/', '/index.html', '/rooms/r1', '/anything?query=1']) {
      const { status, headers, text } = await gateway.anybody.request('GET', path, undefined, HTML);
      assert.equal(status, 200, path);
      assert.match(text, /<title>Sori/);
      assert.match(headers.get('content-type') ?? '', /^text\/html/);
      assert.equal(headers.get('cache-control'), 'no-cache');
      const policy = headers.get('content-security-policy') ?? '';
      assert.match(policy, /connect-src 'self' https:\/\/edge\.example(;|$)/);
      assert.doesNotMatch(policy, /unsafe/);
    }
  });

  it('has files that are kept for ever, because their names change with them', async () => {
    const { status, headers } = await gateway.anybody.request('GET', '/assets/index-4f8c5a8f.js');
    assert.equal(status, 200);
    assert.match(headers.get('cache-control') ?? '', /immutable/);
  });

  it('is not the answer to what is no page', async () => {
    for (const [path, headers] of [
      ['/assets/index-old.js', {}],
      ['/v1/nothing', HTML],
      ['/v1', HTML],
      ['/../package.json', {}],
      ['/%2e%2e/package.json', {}],
    ] as const) {
      const { status, body } = await gateway.anybody.request('GET', path, undefined, headers);
      assert.deepEqual([status, body.code], [404, 'not-found'], path);
    }
    const post = await gateway.anybody.request('POST', '/rooms/r1', {}, HTML);
    assert.equal(post.status, 404);
  });
});
