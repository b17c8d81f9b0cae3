import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { DependencyUnavailable } from '@sori/stream';
import fc from 'fast-check';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { Problem } from './problem.ts';
import { createTokenSigner, createTokenVerifier, type Identity } from './token.ts';

const scope = { issuer: 'https://id.example', audience: 'sori' };
const secret = 'correct-horse-battery-staple-4711';
const verifier = createTokenVerifier({ ...scope, secret });
const signer = createTokenSigner({ ...scope, secret });

async function refusal(token: string, by = verifier): Promise<string> {
  const error = await by.verify(token).then(
    () => assert.fail('the token was taken'),
    (cause: unknown) => cause,
  );
  assert(error instanceof Problem, String(error));
  assert.equal(error.status, 401);
  return error.code;
}

/** A token with claims of a test's own, signed with the right secret unless said otherwise. */
function signed(claims: JWTPayload, alg = 'HS256', key = secret): Promise<string> {
  const whole = { sub: 'u1', iss: scope.issuer, aud: scope.audience, exp: inAMinute(), ...claims };
  return new SignJWT(whole).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));
}

const inAMinute = (): number => Math.floor(Date.now() / 1_000) + 60;

describe('a shared secret', () => {
  test('what was signed is what is verified', async () => {
    const identities: readonly Omit<Identity, 'expiresAt'>[] = [
      { kind: 'user', subject: 'u1', sessionId: 's1', roles: ['operator'], topics: [] },
      { kind: 'service', subject: 'billing', roles: [], topics: ['user.events'] },
    ];
    for (const identity of identities) {
      const { token, expiresAt } = await signer.sign(identity, 60);
      assert.deepEqual(await verifier.verify(token), { ...identity, expiresAt });
    }
  });

  test('a token without our own claims is a person without rights', async () => {
    const exp = inAMinute();
    assert.deepEqual(await verifier.verify(await signed({ exp })), {
      kind: 'user',
      subject: 'u1',
      roles: [],
      topics: [],
      expiresAt: exp * 1_000,
    });
  });

  test('an old token is expired, every other wrong one invalid', async () => {
    const now = Math.floor(Date.now() / 1_000);
    assert.equal(await refusal(await signed({ exp: now - 60 })), 'token-expired');
    for (const claims of [
      { aud: 'another' },
      { iss: 'https://evil.example' },
      { exp: undefined },
      { sub: undefined },
      { sub: '' },
      { sub: 'a:b' },
      { sub: 'x'.repeat(65) },
      { nbf: now + 60 },
      { kind: 'root' },
      { roles: 'operator' },
      { roles: [1] },
      { topics: { a: 1 } },
      { sid: 7 },
    ]) {
      const given = JSON.stringify(claims);
      assert.equal(await refusal(await signed(claims as JWTPayload)), 'token-invalid', given);
    }
  });

  test('another key, another algorithm or none is refused', async () => {
    const other = 'another-secret-of-at-least-64-characters-0123456789-0123456789-0123';
    assert.equal(await refusal(await signed({}, 'HS256', other)), 'token-invalid');
    const long = createTokenVerifier({ ...scope, secret: other });
    assert.equal(await refusal(await signed({}, 'HS512', other), long), 'token-invalid');
    const [, payload] = (await signed({})).split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    assert.equal(await refusal(`${none}.${payload}.`), 'token-invalid');
  });

  test('a changed token is refused, whatever was changed', async () => {
    const token = await signed({});
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: token.length - 1 }),
        fc.constantFrom(...'abcXYZ019_-.= \u0000ㅅ'),
        async (at, character) => {
          const changed = `${token.slice(0, at)}${character}${token.slice(at + 1)}`;
          // The last character of a base64url text has bits that mean nothing.
          fc.pre(changed !== token && at < token.length - 1);
          assert.equal(await refusal(changed), 'token-invalid');
        },
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        assert.equal(await refusal(text), 'token-invalid');
      }),
    );
  });

  test('a secret that is too short is refused at the start', () => {
    assert.throws(() => createTokenSigner({ ...scope, secret: 'short' }), RangeError);
    assert.throws(() => createTokenVerifier({ ...scope, secret: 'short' }), RangeError);
    assert.throws(() => createTokenVerifier(scope), RangeError);
    const jwksUrl = 'https://id.example/keys';
    assert.throws(() => createTokenVerifier({ ...scope, secret, jwksUrl }), RangeError);
  });
});

describe('a key set', () => {
  /** Serves what `answer` says; the URL is of this machine. */
  async function keyServer(answer: () => { readonly status: number; readonly body: string }) {
    const server = createServer((_request, response) => {
      const { status, body } = answer();
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}/keys`,
      [Symbol.asyncDispose]: () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    };
  }

  test('a token signed with one of its keys is taken; a foreign or symmetric one is not', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const key = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
    await using keys = await keyServer(() => ({
      status: 200,
      body: JSON.stringify({ keys: [key] }),
    }));
    const byKeys = createTokenVerifier({ ...scope, jwksUrl: keys.url });
    const sign = (kid: string, with_: typeof privateKey): Promise<string> =>
      new SignJWT({ sub: 'u1' })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setIssuer(scope.issuer)
        .setAudience(scope.audience)
        .setExpirationTime('1 minute')
        .sign(with_);
    assert.equal((await byKeys.verify(await sign('k1', privateKey))).subject, 'u1');
    const foreign = await generateKeyPair('ES256');
    assert.equal(await refusal(await sign('k1', foreign.privateKey), byKeys), 'token-invalid');
    assert.equal(await refusal(await sign('k2', privateKey), byKeys), 'token-invalid');
    assert.equal(await refusal(await signed({}), byKeys), 'token-invalid');
  });

  test('keys that cannot be had are our trouble, not the caller’s', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const token = await new SignJWT({ sub: 'u1' })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setExpirationTime('1 minute')
      .sign(privateKey);
    for (const answer of [
      { status: 500, body: 'down' },
      { status: 200, body: 'not json' },
      { status: 200, body: '{}' },
    ]) {
      await using keys = await keyServer(() => answer);
      const byKeys = createTokenVerifier({ ...scope, jwksUrl: keys.url });
      await assert.rejects(byKeys.verify(token), DependencyUnavailable, JSON.stringify(answer));
    }
    const gone = createTokenVerifier({ ...scope, jwksUrl: 'http://127.0.0.1:1/keys' });
    await assert.rejects(gone.verify(token), DependencyUnavailable);
  });
});
