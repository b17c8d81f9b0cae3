import assert from 'node:assert/strict';
import { afterEach, describe, mock, test } from 'node:test';
import { request, UNREACHABLE } from './http.ts';

function answer(response: Response | Error) {
  return mock.method(globalThis, 'fetch', async () => {
    if (response instanceof Error) throw response;
    return response;
  });
}

const problem = (status: number, body: string) => new Response(body, { status });

describe('request', () => {
  afterEach(() => mock.restoreAll());

  test('sends JSON where there is a body, and the cookie of this origin only', async () => {
    const fetch = answer(new Response('{"id":"m"}', { status: 201 }));
    assert.deepEqual(await request('POST', '/v1/rooms', { name: 'n' }), { id: 'm' });
    const [path, init] = (fetch.mock.calls[0]?.arguments ?? []) as unknown as [string, RequestInit];
    assert.equal(path, '/v1/rooms');
    assert.equal(init.credentials, 'same-origin');
    assert.equal(init.body, '{"name":"n"}');
    assert.deepEqual(init.headers, { 'content-type': 'application/json' });
  });

  test('resolves to nothing for an answer without a body', async () => {
    const fetch = answer(new Response(null, { status: 204 }));
    assert.equal(await request('DELETE', '/v1/sessions/current'), undefined);
    const [, init] = (fetch.mock.calls[0]?.arguments ?? []) as unknown as [string, RequestInit];
    assert.equal(init.headers, undefined);
  });

  test("rejects with the problem's code", async () => {
    answer(problem(409, '{"code":"last-owner","status":409}'));
    await assert.rejects(request('DELETE', '/x'), {
      name: 'ApiError',
      code: 'last-owner',
      status: 409,
      retryable: false,
    });
  });

  test('a page of a proxy is a problem without a code, which may pass', async () => {
    answer(problem(502, '<html>Bad gateway</html>'));
    await assert.rejects(request('GET', '/x'), { code: 'unknown', status: 502, retryable: true });
  });

  test('no answer at all may pass, too', async () => {
    const cause = new TypeError('fetch failed');
    answer(cause);
    await assert.rejects(request('GET', '/x'), {
      code: UNREACHABLE,
      status: undefined,
      retryable: true,
      cause,
    });
  });

  test('what is no JSON is not taken for an answer', async () => {
    answer(new Response('<html>', { status: 200 }));
    await assert.rejects(request('GET', '/x'), { code: 'unreadable-answer', retryable: false });
  });
});
