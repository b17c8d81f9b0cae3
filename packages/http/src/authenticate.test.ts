import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InjectOptions } from 'fastify';
import { authenticate, SESSION_COOKIE } from './authenticate.ts';
import { recordingLogger } from './recording-logger.ts';
import { createHttpServer } from './server.ts';
import { createTokenSigner, createTokenVerifier } from './token.ts';

const options = {
  issuer: 'https://id.example',
  audience: 'sori',
  secret: 'correct-horse-battery-staple-4711',
};
const verifier = createTokenVerifier(options);

async function tokenOf(subject: string): Promise<string> {
  const identity = { kind: 'user', subject, roles: [], topics: [] } as const;
  return (await createTokenSigner(options).sign(identity, 60)).token;
}

/** Asks a server whose only route, on every method, answers with who asked. */
async function whoAmI(
  headers: Readonly<Record<string, string>>,
  method: InjectOptions['method'] = 'GET',
): Promise<string> {
  await using app = createHttpServer({ logger: recordingLogger() });
  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/who',
    handler: async (request) => ({ subject: (await authenticate(request, verifier)).subject }),
  });
  const response = await app.inject({
    method,
    url: '/who',
    headers: { host: 'chat.example:8080', ...headers },
  });
  if (response.statusCode === 401) assert.equal(response.headers['www-authenticate'], 'Bearer');
  const body = response.json<{ readonly subject?: string; readonly code?: string }>();
  return body.subject ?? `${response.statusCode} ${body.code}`;
}

test('the bearer token says who it is, before any cookie', async () => {
  const ann = await tokenOf('ann');
  const cookie = `${SESSION_COOKIE}=${await tokenOf('bob')}`;
  assert.equal(await whoAmI({ authorization: `Bearer ${ann}` }), 'ann');
  assert.equal(await whoAmI({ authorization: `bearer   ${ann}` }), 'ann');
  assert.equal(await whoAmI({ authorization: `Bearer ${ann}`, cookie }), 'ann');
  assert.equal(await whoAmI({ cookie }), 'bob');
});

test('nothing, or nothing of use, is refused', async () => {
  const cookie = `${SESSION_COOKIE}=${await tokenOf('bob')}`;
  assert.equal(await whoAmI({}), '401 token-missing');
  assert.equal(await whoAmI({ cookie: `${SESSION_COOKIE}=` }), '401 token-missing');
  assert.equal(await whoAmI({ cookie: `${SESSION_COOKIE}=nonsense` }), '401 token-invalid');
  // A header that is there counts, even if a cookie would do.
  for (const authorization of ['Basic YTpi', 'Bearer', 'Bearer a b', '']) {
    assert.equal(await whoAmI({ authorization, cookie }), '401 token-invalid', authorization);
  }
});

test('with a cookie, only our own pages may change something', async () => {
  const cookie = `${SESSION_COOKIE}=${await tokenOf('bob')}`;
  const foreign = '403 foreign-origin';
  for (const origin of [
    'https://evil.example',
    'http://chat.example',
    'http://chat.example:8081',
    'http://evil.chat.example:8080',
    'null',
    'nonsense',
  ]) {
    assert.equal(await whoAmI({ cookie, origin }, 'POST'), foreign, origin);
    assert.equal(await whoAmI({ cookie, origin }, 'DELETE'), foreign, origin);
    assert.equal(await whoAmI({ cookie, origin }, 'GET'), 'bob');
  }
  assert.equal(await whoAmI({ cookie, origin: 'http://chat.example:8080' }, 'POST'), 'bob');
  assert.equal(await whoAmI({ cookie, origin: 'https://chat.example:8080' }, 'POST'), 'bob');
  assert.equal(await whoAmI({ cookie, 'sec-fetch-site': 'cross-site' }, 'POST'), foreign);
  assert.equal(await whoAmI({ cookie, 'sec-fetch-site': 'same-site' }, 'POST'), foreign);
  assert.equal(await whoAmI({ cookie, 'sec-fetch-site': 'same-origin' }, 'POST'), 'bob');
  assert.equal(await whoAmI({ cookie }, 'POST'), 'bob');
});

test('a bearer token is never added by a browser, so its origin does not matter', async () => {
  const authorization = `Bearer ${await tokenOf('ann')}`;
  const headers = { authorization, origin: 'https://elsewhere.example' };
  assert.equal(await whoAmI(headers, 'POST'), 'ann');
});
