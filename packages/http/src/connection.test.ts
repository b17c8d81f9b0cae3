import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { describe, test } from 'node:test';
import { recordingLogger } from './recording-logger.ts';
import { createHttpServer, type HttpTimeouts } from './server.ts';

/** Sends bytes to a server over a connection of its own; gives all that came back before it ended. */
async function exchange(
  bytes: readonly string[],
  timeouts: Partial<HttpTimeouts> = {},
): Promise<string> {
  await using app = createHttpServer({ logger: recordingLogger(), timeouts });
  app.get('/', async () => ({ ok: true }));
  app.post('/', async () => ({ ok: true }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port });
  let received = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    received += chunk;
  });
  for (const part of bytes) socket.write(part);
  await once(socket, 'close');
  return received;
}

function problemIn(answer: string): { readonly status: number; readonly code: string } {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  assert.match(head, /^content-type: application\/problem\+json/im);
  assert.match(head, /^x-content-type-options: nosniff/im);
  assert.match(head, /^connection: close/im);
  const { code, status } = JSON.parse(body) as { code: string; status: number };
  assert.match(head, new RegExp(`^HTTP/1.1 ${status} `));
  return { status, code };
}

describe('bytes that are no request', () => {
  test('are answered with a problem, and the connection ends', async () => {
    for (const bytes of [
      'hello\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      'GET / HTTP/1.1\r\nbad header\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
      '\u0016\u0003\u0001\u0000\r\n\r\n',
    ]) {
      const { status, code } = problemIn(await exchange([bytes]));
      assert.deepEqual([status, code], [400, 'malformed-request'], JSON.stringify(bytes));
    }
  });

  test('headers past the limit', async () => {
    const request = `GET / HTTP/1.1\r\nHost: a\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`;
    assert.deepEqual(problemIn(await exchange([request])), {
      status: 431,
      code: 'headers-too-large',
    });
  });

  test('headers that do not come to an end in time', async () => {
    const answer = await exchange(['GET / HTTP/1.1\r\nHost: a\r\n'], {
      headersMs: 100,
      checkEveryMs: 20,
    });
    assert.deepEqual(problemIn(answer), { status: 408, code: 'request-timeout' });
  });

  test('a body that does not come to an end in time', async () => {
    const answer = await exchange(
      [
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{',
      ],
      { headersMs: 100, requestMs: 100, checkEveryMs: 20 },
    );
    assert.deepEqual(problemIn(answer), { status: 408, code: 'request-timeout' });
  });
});

test('a request after another on the same connection is answered like the first', async () => {
  const answer = await exchange([
    'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  ]);
  assert.equal(answer.match(/HTTP\/1\.1 200 OK/g)?.length, 2);
});

test('a server that closes does not wait for connections that ask nothing', {
  timeout: 10_000,
}, async () => {
  const app = createHttpServer({ logger: recordingLogger() });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port });
  await Promise.all([once(socket, 'connect'), once(app.server, 'connection')]);
  const ended = once(socket.resume(), 'close');
  await app.close();
  await ended;
});
