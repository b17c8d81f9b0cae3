import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DependencyUnavailable } from '@sori/stream';
import type { InjectOptions } from 'fastify';
import { Type } from 'typebox';
import { Problem } from './problem.ts';
import { recordingLogger } from './recording-logger.ts';
import { BODY_LIMIT_BYTES, createHttpServer, type HttpServer } from './server.ts';

const NewThing = Type.Object(
  { name: Type.String({ maxLength: 8 }), count: Type.Optional(Type.Integer({ minimum: 0 })) },
  { additionalProperties: false },
);

function addThings(app: HttpServer): void {
  app.post(
    '/v1/things/:id',
    {
      schema: {
        params: Type.Object({ id: Type.String({ pattern: '^[a-z]+$' }) }),
        querystring: Type.Object(
          { limit: Type.Optional(Type.Integer({ maximum: 10 })) },
          { additionalProperties: false },
        ),
        body: NewThing,
      },
    },
    async ({ body, params, query }) => ({ id: params.id, limit: query.limit, thing: body }),
  );
  app.get('/v1/things/:id', async () => ({}));
  app.get('/files/*', async () => 'file');
}

async function ask(options: InjectOptions & { readonly limit?: number }) {
  const logger = recordingLogger();
  const { limit, ...request } = options;
  await using app = createHttpServer({
    logger,
    ...(limit === undefined ? {} : { bodyLimitBytes: limit }),
  });
  addThings(app);
  app.get('/fails', async () => {
    throw new Error('hunter2');
  });
  app.get('/refuses', async () => {
    throw new Problem(403, 'not-a-member', 'join first', { extra: { roomId: 'r1' } });
  });
  app.get('/away', async () => {
    throw new DependencyUnavailable('postgres');
  });
  const response = await app.inject(request);
  const body: unknown = response.body === '' ? undefined : JSON.parse(response.body);
  return { response, body: body as Record<string, unknown>, lines: logger.lines };
}

async function refusalOf(options: InjectOptions & { readonly limit?: number }) {
  const { response, body, lines } = await ask(options);
  assert.match(String(response.headers['content-type']), /^application\/problem\+json/);
  assert.equal(body['status'], response.statusCode);
  assert.equal(body['type'], `urn:sori:problem:${String(body['code'])}`);
  assert.equal(response.headers['x-content-type-options'], 'nosniff');
  assert.equal(response.headers['cache-control'], 'no-store');
  return { status: response.statusCode, code: body['code'], body, response, lines };
}

const thing = (payload: InjectOptions['payload'], query = ''): InjectOptions => ({
  method: 'POST',
  url: `/v1/things/abc${query}`,
  ...(payload === undefined ? {} : { payload }),
});

const json = (payload: string): InjectOptions => ({
  ...thing(payload),
  headers: { 'content-type': 'application/json' },
});

describe('a request that its schema takes', () => {
  test('reaches the handler; queries and paths become what the schema says', async () => {
    const { response, body } = await ask(thing({ name: 'chair', count: 2 }, '?limit=5'));
    assert.equal(response.statusCode, 200);
    assert.deepEqual(body, { id: 'abc', limit: 5, thing: { name: 'chair', count: 2 } });
  });

  test('is answered with safe headers and an id', async () => {
    const { response } = await ask(thing({ name: 'chair' }));
    const { headers } = response;
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/);
    assert.match(String(headers['x-request-id']), /^[0-9a-f-]{36}$/);
  });

  test("keeps the caller's id, if it is harmless, and its lines carry it", async () => {
    const headers = { 'x-request-id': 'trace-1.a' };
    const { response, lines } = await ask({ method: 'GET', url: '/v1/things/a', headers });
    assert.equal(response.headers['x-request-id'], 'trace-1.a');
    const answered = lines.find(({ message }) => message === 'request answered');
    assert.equal(answered?.fields['requestId'], 'trace-1.a');
    assert.equal(answered?.fields['route'], '/v1/things/:id');

    for (const id of ['a b', 'x'.repeat(65), 'a"b', 'ㅅ']) {
      const other = await ask({
        method: 'GET',
        url: '/v1/things/a',
        headers: { 'x-request-id': id },
      });
      assert.match(String(other.response.headers['x-request-id']), /^[0-9a-f-]{36}$/);
    }
  });
});

describe('a request that its schema refuses', () => {
  test('is told every place and what was expected there', async () => {
    const { status, code, body } = await refusalOf(thing({ name: 'a long name', count: -1 }));
    assert.deepEqual([status, code], [400, 'invalid-request']);
    assert.deepEqual(body['errors'], [
      { path: '/name', message: 'must not have more than 8 characters' },
      { path: '/count', message: 'must be >= 0' },
    ]);
  });

  test('an unknown field is refused and named, not dropped', async () => {
    const { code, body } = await refusalOf(thing({ name: 'chair', role: 'owner' }));
    assert.equal(code, 'invalid-request');
    assert.deepEqual(body['errors'], [{ path: '/role', message: 'is not a known field' }]);
  });

  test('a body is taken as it is: the text "2" is no number', async () => {
    const { code, body } = await refusalOf(thing({ name: 'chair', count: '2' }));
    assert.equal(code, 'invalid-request');
    assert.deepEqual(body['errors'], [{ path: '/count', message: 'must be integer' }]);
    assert.equal((await refusalOf(thing({ name: 1 }))).code, 'invalid-request');
    assert.equal((await refusalOf(json('[{"name":"chair"}]'))).code, 'invalid-request');
    assert.equal((await refusalOf(json('null'))).code, 'invalid-request');
    assert.equal((await refusalOf(thing(undefined))).code, 'invalid-request');
  });

  test('a wrong query or path says that it is the query or the path', async () => {
    const query = await refusalOf(thing({ name: 'chair' }, '?limit=11'));
    assert.equal(query.body['detail'], 'the query is not valid');
    const unknown = await refusalOf(thing({ name: 'chair' }, '?lim=1'));
    assert.deepEqual(unknown.body['errors'], [{ path: '/lim', message: 'is not a known field' }]);
    const path = await refusalOf({ ...thing({ name: 'chair' }), url: '/v1/things/ABC' });
    assert.equal(path.body['detail'], 'the path is not valid');
  });
});

describe('a request that is none', () => {
  test('malformed JSON', async () => {
    for (const payload of ['{', '{"name":}', '', '{"name":"a"}}', '{"__proto__":{"a":1}}', 'NaN']) {
      const { status, code } = await refusalOf(json(payload));
      assert.deepEqual([status, code], [400, 'malformed-json'], payload);
    }
  });

  test('a body past the limit, declared or not', async () => {
    const { status, code } = await refusalOf(thing({ name: 'x'.repeat(BODY_LIMIT_BYTES) }));
    assert.deepEqual([status, code], [413, 'body-too-large']);
    const small = await refusalOf({ ...thing({ name: 'chair' }), limit: 10 });
    assert.equal(small.code, 'body-too-large');
  });

  test('another media type', async () => {
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data', 'nonsense']) {
      const { status, code } = await refusalOf({
        ...thing('name=chair'),
        headers: { 'content-type': type },
      });
      assert.deepEqual([status, code], [415, 'unsupported-media-type'], type);
    }
  });

  test('a path that nothing serves, and one that is served with other methods', async () => {
    for (const url of ['/', '/v1', '/v1/things', '/v1/things/a/b', '/v1/thing?id=a']) {
      const { status, code } = await refusalOf({ method: 'GET', url });
      assert.deepEqual([status, code], [404, 'not-found'], url);
    }
    const { status, code, response } = await refusalOf({
      method: 'DELETE',
      url: '/v1/things/a?b=c',
    });
    assert.deepEqual([status, code], [405, 'method-not-allowed']);
    assert.equal(response.headers['allow'], 'GET, HEAD, POST');
    // What a wildcard would serve is not known to exist.
    assert.equal((await refusalOf({ method: 'POST', url: '/files/a' })).code, 'not-found');
  });

  test('a path that the router itself cannot read', async () => {
    const malformed = await refusalOf({ method: 'GET', url: '/v1/things/%zz' });
    assert.deepEqual([malformed.status, malformed.code], [400, 'malformed-url']);
    const long = await refusalOf({ method: 'GET', url: `/v1/things/${'x'.repeat(300)}` });
    assert.deepEqual([long.status, long.code], [414, 'url-too-long']);
  });
});

describe('a handler that throws', () => {
  test('a problem is answered as it is', async () => {
    const { status, body, lines } = await refusalOf({ method: 'GET', url: '/refuses' });
    assert.equal(status, 403);
    assert.equal(body['code'], 'not-a-member');
    assert.equal(body['detail'], 'join first');
    assert.equal(body['roomId'], 'r1');
    assert(!lines.some(({ level }) => level === 'error' || level === 'warn'));
  });

  test('anything else is answered without a word of it, and logged with all of it', async () => {
    const { status, code, response, lines } = await refusalOf({ method: 'GET', url: '/fails' });
    assert.deepEqual([status, code], [500, 'internal']);
    assert(!response.body.includes('hunter2') && !response.body.includes('at '));
    const line = lines.find(({ level }) => level === 'error');
    assert.equal(line?.message, 'request failed');
    const err = line?.fields['err'];
    assert(err instanceof Error && err.stack?.includes('hunter2'));
  });

  test('an outage says when to try again, and is logged once, not for every request', async () => {
    const { status, code, response, lines } = await refusalOf({ method: 'GET', url: '/away' });
    assert.deepEqual([status, code], [503, 'dependency-unavailable']);
    assert.equal(response.headers['retry-after'], '1');
    assert.equal(lines.filter(({ level }) => level === 'warn').length, 1);

    const logger = recordingLogger();
    await using app = createHttpServer({ logger });
    app.get('/away', async () => {
      throw new DependencyUnavailable('postgres');
    });
    for (let n = 0; n < 5; n++) await app.inject('/away');
    assert.equal(logger.lines.filter(({ level }) => level === 'warn').length, 1);
  });
});
