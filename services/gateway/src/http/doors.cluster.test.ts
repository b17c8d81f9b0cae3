import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { BODY_MAX_BYTES } from '@sori/api';
import { type PersonClient, startTestGateway, type TestGateway } from '../testing/test-gateway.ts';

/** What no answer may hold: a place in our code, or a word of a database. */
const INSIDES = /\.ts:\d+|node_modules|at async |SELECT |INSERT |pg_|relation "/;

describe('what knocks at every door', () => {
  let gateway: TestGateway;
  let anna: PersonClient;
  before(async () => {
    gateway = await startTestGateway();
    anna = await gateway.person();
  });
  after(() => gateway[Symbol.asyncDispose]());

  it('malformed JSON is refused as such', async () => {
    for (const body of ['{', '{"kind":', 'kind=group', '\u0000', '{"a":1}}']) {
      const answer = await anna.request('POST', '/v1/rooms', body);
      assert.deepEqual([answer.status, answer.body.code], [400, 'malformed-json'], body);
      assert.doesNotMatch(answer.text, INSIDES);
    }
  });

  it('keys that reach for a prototype are refused, and reach nothing', async () => {
    for (const body of [
      '{"kind":"group","name":"x","memberIds":[],"__proto__":{"polluted":true}}',
      '{"kind":"group","name":"x","memberIds":[],"constructor":{"prototype":{"polluted":true}}}',
    ]) {
      const answer = await anna.request('POST', '/v1/rooms', body);
      assert.equal(answer.status, 400);
      assert.equal('polluted' in {}, false);
    }
  });

  it('unknown fields are refused, and named', async () => {
    const room = { kind: 'group', name: 'x', memberIds: [], owner: 'me' };
    const { status, body } = await anna.request('POST', '/v1/rooms', room);
    assert.deepEqual([status, body.code], [400, 'invalid-request']);
    assert.deepEqual(body.errors, [{ path: '/owner', message: 'is not a known field' }]);
  });

  it('a body that is too large is refused', async () => {
    const body = JSON.stringify({ kind: 'group', name: 'x'.repeat(BODY_MAX_BYTES), memberIds: [] });
    const answer = await anna.request('POST', '/v1/rooms', body);
    assert.deepEqual([answer.status, answer.body.code], [413, 'body-too-large']);
  });

  it('a body that is too large is not even read from someone unknown', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(BODY_MAX_BYTES) });
    const answer = await gateway.anybody.request('POST', '/v1/rooms', body);
    assert.deepEqual([answer.status, answer.body.code], [401, 'token-missing']);
  });

  it('another content type is refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const headers = { 'content-type': type };
      const answer = await anna.request('POST', '/v1/rooms', 'kind=group', headers);
      assert.deepEqual([answer.status, answer.body.code], [415, 'unsupported-media-type'], type);
    }
  });

  it('a method that a path does not have is refused, with those that it has', async () => {
    const { status, body, headers } = await anna.request('PUT', '/v1/rooms', {});
    assert.deepEqual([status, body.code], [405, 'method-not-allowed']);
    assert.equal(headers.get('allow'), 'GET, HEAD, POST');
  });

  it('a path that nothing serves is not found, whoever asks', async () => {
    for (const client of [anna, gateway.anybody]) {
      for (const path of ['/v1/nothing', '/v2/rooms', '/v1/rooms/a/b/c', '/admin', '/.env']) {
        const { status, body } = await client.request('GET', path);
        assert.deepEqual([status, body.code], [404, 'not-found'], path);
      }
    }
  });

  for (const id of [
    '%00',
    '%2e%2e%2f',
    'a%20b',
    '%ED%95%9C',
    "'%3B--",
    '__proto__%2f',
    'x'.repeat(65),
  ]) {
    it(`the id ${id.slice(0, 12)} is refused as the id of anything`, async () => {
      for (const [method, path, body] of [
        ['GET', `/v1/rooms/${id}`],
        ['GET', `/v1/users/${id}`],
        ['POST', `/v1/friends/${id}/request`],
        ['DELETE', `/v1/rooms/r/members/${id}`],
        ['PUT', `/v1/rooms/r/messages/${id}/reactions/x`],
        ['POST', '/v1/rooms', { kind: 'group', name: 'x', memberIds: [decodeURIComponent(id)] }],
      ] as const) {
        const answer = await anna.request(method, path, body);
        assert.deepEqual([answer.status, answer.body.code], [400, 'invalid-request'], path);
        assert.doesNotMatch(answer.text, INSIDES);
      }
    });
  }

  it('a URL that is none is refused', async () => {
    const { status, body } = await anna.request('GET', '/v1/rooms/%zz');
    assert.deepEqual([status, body.code], [400, 'malformed-url']);
    const long = await anna.request('GET', `/v1/rooms/${'x'.repeat(5_000)}`);
    assert.ok([400, 414].includes(long.status), `${long.status}`);
  });

  for (const query of [
    '',
    '?query=',
    '?query=%00',
    `?query=${'x'.repeat(81)}`,
    '?query=a&query=b',
    '?query=a&more=b',
  ]) {
    it(`the search ${query.slice(0, 16)} is refused`, async () => {
      const { status, body } = await anna.request('GET', `/v1/users${query}`);
      assert.deepEqual([status, body.code], [400, 'invalid-request']);
    });
  }

  it('headers that are too large are refused, and the connection ended', async () => {
    const answer = await raw(
      `GET /v1/me HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(20_000)}\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 431 /);
    assert.match(answer, /"code":"headers-too-large"/);
  });

  it('what is no HTTP is refused', async () => {
    const answer = await raw('hello there\r\n\r\n');
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.match(answer, /"code":"malformed-request"/);
  });

  it('the traceparent of garbage is left out of events', async () => {
    for (const traceparent of ['garbage', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`]) {
      const room = { kind: 'group', name: 'x', memberIds: [] };
      const { body } = await anna.request('POST', '/v1/rooms', room, { traceparent });
      const [created] = await gateway.told(body.room.id);
      assert.equal(created?.headers['ce_traceparent'], undefined);
    }
  });

  it('every refusal is a problem document that is not kept, and says nothing of our insides', async () => {
    const { headers, text } = await gateway.anybody.request('GET', '/v1/me');
    assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('www-authenticate'), 'Bearer');
    assert.doesNotMatch(text, INSIDES);
  });

  /** Sends bytes as they are, and gives all that comes back until the connection ends. */
  function raw(bytes: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      received += chunk;
    });
    socket.on('error', reject).on('close', () => resolve(received));
    socket.write(bytes);
    return promise;
  }
});

describe('who asks too often', () => {
  it('is turned away for a while; others are not', async () => {
    await using gateway = await startTestGateway({ rates: { person: 3, address: 10 } });
    const [anna, boris] = [await gateway.person(), await gateway.person()];
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) statuses.push((await anna.request('GET', '/v1/me')).status);
    assert.deepEqual(statuses, [200, 200, 200, 429]);
    const { body, headers } = await anna.request('GET', '/v1/rooms');
    assert.equal(body.code, 'rate-limited');
    assert.match(headers.get('retry-after') ?? '', /^\d+$/);
    assert.equal((await boris.request('GET', '/v1/me')).status, 200);
  });

  it('is counted by address where the token is not good', async () => {
    await using gateway = await startTestGateway({ rates: { address: 3 } });
    const codes: string[] = [];
    for (let n = 0; n < 5; n++) {
      const client = gateway.withToken(`guess-${n}`);
      codes.push((await client.request('GET', '/v1/me')).body.code);
    }
    assert.deepEqual(codes.slice(2), ['token-invalid', 'rate-limited', 'rate-limited']);
  });
});
