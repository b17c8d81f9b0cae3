import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newHandle, startTestGateway, type TestGateway, TOKENS } from '../testing/test-gateway.ts';

describe('sessions', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startTestGateway();
  });
  after(() => gateway[Symbol.asyncDispose]());

  it('signs up at the first time, in at the next, and tells of both', async () => {
    const handle = newHandle();
    const first = await gateway.anybody.request('POST', '/v1/dev/sessions', {
      handle,
      displayName: 'Anna',
    });
    const second = await gateway.anybody.request('POST', '/v1/dev/sessions', { handle });
    assert.equal(first.status, 201);
    assert.equal(second.status, 201);
    const { id } = first.body.user;
    assert.deepEqual(second.body.user, { id, handle, displayName: 'Anna' });
    assert.deepEqual(
      (await gateway.told(id)).map(({ type }) => type),
      ['user.account.registered', 'user.session.started', 'user.session.started'],
    );
  });

  it('makes one account where two first sign-ins cross', async () => {
    const handle = newHandle();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        gateway.anybody.request('POST', '/v1/dev/sessions', { handle }),
      ),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201, 201, 201],
    );
    const ids = new Set(answers.map(({ body }) => body.user.id));
    assert.equal(ids.size, 1);
    const told = await gateway.told([...ids].join());
    assert.equal(told.filter(({ type }) => type === 'user.account.registered').length, 1);
  });

  it('sets a cookie that no script reads, and takes it instead of a header', async () => {
    const { headers, body } = await gateway.anybody.request('POST', '/v1/dev/sessions', {
      handle: newHandle(),
    });
    const cookie = headers.get('set-cookie') ?? '';
    assert.match(cookie, /^sori_session=[^;]+; .*Path=\/;.*HttpOnly;.*SameSite=Lax/);
    const sent = { cookie: cookie.split(';', 1).join() };
    const me = await gateway.anybody.request('GET', '/v1/me', undefined, sent);
    assert.deepEqual(me.body, body.user);
  });

  it('refuses a change by cookie from a page of another origin', async () => {
    const person = await gateway.person();
    const headers = { cookie: `sori_session=${person.token}`, origin: 'https://elsewhere.example' };
    const { status, body } = await gateway.anybody.request('DELETE', '/v1/me', undefined, headers);
    assert.equal(status, 403);
    assert.equal(body.code, 'foreign-origin');
    assert.equal((await person.request('GET', '/v1/me')).status, 200);
  });

  it('signs out: the cookie goes, and the session is told to have ended', async () => {
    const person = await gateway.person();
    const { status, headers } = await person.request('DELETE', '/v1/sessions/current');
    assert.equal(status, 204);
    assert.match(headers.get('set-cookie') ?? '', /^sori_session=; .*Expires=Thu, 01 Jan 1970/);
    const [started, ended] = (await gateway.told(person.id)).slice(1);
    assert.equal(started?.type, 'user.session.started');
    assert.equal(ended?.type, 'user.session.ended');
    assert.deepEqual(ended?.data, started?.data);
  });

  it('clears the cookie of an expired session too', async () => {
    const cookie = `sori_session=${await gateway.tokenOf({}, -60)}`;
    const { status, body, headers } = await gateway.anybody.request(
      'DELETE',
      '/v1/sessions/current',
      undefined,
      { cookie },
    );
    assert.equal(status, 401);
    assert.equal(body.code, 'token-expired');
    assert.match(headers.get('set-cookie') ?? '', /^sori_session=; /);
  });

  it('says what a page must know before anybody has signed in', async () => {
    const { status, body } = await gateway.anybody.request('GET', '/v1/settings');
    assert.equal(status, 200);
    assert.deepEqual(body, { edgeUrl: 'http://127.0.0.1:8081', development: true });
  });

  for (const [what, token, code] of [
    ['no token', async () => '', 'token-invalid'],
    ['a token of garbage', async () => 'garbage', 'token-invalid'],
    [
      'an unsigned token',
      async () => `${btoa('{"alg":"none"}')}.${btoa('{"sub":"x"}')}.`,
      'token-invalid',
    ],
    ['an expired token', () => gateway.tokenOf({ subject: 'x' }, -60), 'token-expired'],
    ['a token without an account', () => gateway.tokenOf({ subject: 'nobody' }), 'not-registered'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { status, body } = await gateway.withToken(await token()).request('GET', '/v1/me');
      assert.equal(status, 401);
      assert.equal(body.code, code);
    });
  }

  it('refuses who shows nothing', async () => {
    const { status, body } = await gateway.anybody.request('GET', '/v1/rooms');
    assert.equal(status, 401);
    assert.equal(body.code, 'token-missing');
  });

  it('refuses a service where a person is asked for', async () => {
    const service = await gateway.service(['message.events']);
    for (const path of ['/v1/me', '/v1/rooms', '/v1/friends']) {
      const { status, body } = await service.request('GET', path);
      assert.equal(status, 403);
      assert.equal(body.code, 'user-required');
    }
  });
});

describe('sessions outside of development mode', () => {
  it('has no sign-in without proof', async () => {
    await using gateway = await startTestGateway({ development: false });
    const { status, body } = await gateway.anybody.request('POST', '/v1/dev/sessions', {
      handle: newHandle(),
    });
    assert.equal(status, 404);
    assert.equal(body.code, 'not-found');
    const settings = await gateway.anybody.request('GET', '/v1/settings');
    assert.equal(settings.body.development, false);
  });

  it('registers whoever has a token and no account, once', async () => {
    await using gateway = await startTestGateway({ development: false });
    const anna = gateway.withToken(await gateway.tokenOf({ subject: 'idp-anna' }));
    const boris = gateway.withToken(await gateway.tokenOf({ subject: 'idp-boris' }));
    const wanted = { handle: newHandle(), displayName: 'Anna' };
    const { status, body } = await anna.request('POST', '/v1/users', wanted);
    assert.equal(status, 201);
    assert.deepEqual(body, { id: 'idp-anna', ...wanted });
    assert.deepEqual((await anna.request('GET', '/v1/me')).body, body);

    const again = await anna.request('POST', '/v1/users', { ...wanted, handle: newHandle() });
    assert.deepEqual([again.status, again.body.code], [409, 'already-registered']);
    const taken = await boris.request('POST', '/v1/users', wanted);
    assert.deepEqual([taken.status, taken.body.code], [409, 'handle-taken']);
    assert.deepEqual(
      (await gateway.told('idp-anna')).map(({ type, data }) => [type, data]),
      [['user.account.registered', { userId: 'idp-anna', ...wanted }]],
    );
    assert.deepEqual(await gateway.told('idp-boris'), []);
  });

  it('cannot be development mode with the keys of somebody else', async () => {
    const { issuer, audience } = TOKENS;
    const tokens = { jwksUrl: 'http://127.0.0.1:1/keys', issuer, audience };
    await assert.rejects(startTestGateway({ development: true, tokens }), RangeError);
  });

  it('answers 503 while the keys cannot be had', async () => {
    const { issuer, audience } = TOKENS;
    const tokens = { jwksUrl: 'http://127.0.0.1:1/keys', issuer, audience };
    await using gateway = await startTestGateway({ development: false, tokens });
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'RS256' })}.${part({ sub: 'anna', exp: 4_000_000_000 })}.AAAA`;
    const { status, body } = await gateway.withToken(token).request('GET', '/v1/me');
    assert.deepEqual([status, body.code], [503, 'dependency-unavailable']);
  });
});
