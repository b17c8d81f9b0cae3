import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHealth, createMetrics } from '@sori/telemetry';
import { addOperationalRoutes, startOperationalServer } from './operational.ts';
import { recordingLogger } from './recording-logger.ts';
import { createHttpServer } from './server.ts';

test('health says live and ready apart, with every problem', async () => {
  const health = createHealth();
  let database: string | undefined = 'away';
  health.ready('database', () => database);
  await using app = createHttpServer({ logger: recordingLogger() });
  addOperationalRoutes(app, { health, metrics: createMetrics({ service: 'test' }) });

  assert.deepEqual((await app.inject('/healthz')).json(), { status: 'ok' });
  const away = await app.inject('/readyz');
  assert.equal(away.statusCode, 503);
  assert.match(String(away.headers['content-type']), /^application\/problem\+json/);
  assert.equal(away.json().code, 'not-ready');
  assert.deepEqual(away.json().problems, [{ name: 'database', problem: 'away' }]);

  database = undefined;
  assert.equal((await app.inject('/readyz')).statusCode, 200);
  health.drain();
  assert.equal((await app.inject('/readyz')).statusCode, 503);
  assert.equal((await app.inject('/healthz')).statusCode, 200);
});

test('what is wrong and decides nothing is told all the same', async () => {
  const health = createHealth();
  await using app = createHttpServer({ logger: recordingLogger() });
  addOperationalRoutes(app, { health, metrics: createMetrics({ service: 'test' }) });
  assert.deepEqual((await app.inject('/readyz')).json(), { status: 'ok' });
  health.note('log', () => 'away');
  const answer = await app.inject('/readyz');
  assert.equal(answer.statusCode, 200);
  assert.deepEqual(answer.json(), { status: 'ok', notes: [{ name: 'log', problem: 'away' }] });
});

test('requests are counted by route, whatever the address was', async () => {
  const metrics = createMetrics({ service: 'test' });
  await using app = createHttpServer({ logger: recordingLogger() });
  app.get('/v1/rooms/:roomId', async () => ({}));
  addOperationalRoutes(app, { health: createHealth(), metrics });
  await app.inject('/v1/rooms/a');
  await app.inject('/v1/rooms/b');
  await app.inject('/nowhere/1');
  await app.inject('/nowhere/2');
  const { body, headers } = await app.inject('/metrics');
  assert.equal(headers['content-type'], metrics.contentType);
  const counted = (labels: string): string => `http_requests_total{${labels},service="test"} 2`;
  assert(body.includes(counted('method="GET",route="/v1/rooms/:roomId",status="200"')), body);
  assert(body.includes(counted('method="GET",route="none",status="404"')), body);
});

test('a service without other HTTP serves them on a port of its own, until it is disposed', async () => {
  const options = {
    host: '127.0.0.1',
    port: 0,
    health: createHealth(),
    metrics: createMetrics({ service: 'test' }),
    logger: recordingLogger(),
  };
  let url: string;
  {
    await using server = await startOperationalServer(options);
    url = server.url;
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await fetch(`${url}/healthz`, { headers: { connection: 'close' } });
    assert.deepEqual(await response.json(), { status: 'ok' });
  }
  await assert.rejects(fetch(`${url}/healthz`));
});
