import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { RequestFailed } from './errors.ts';
import { type FeedFrame, type FeedOptions, followFeed } from './feed.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** An edge that gives one answer after another, and 204 after the last. */
class ScriptedEdge implements AsyncDisposable {
  readonly #server = createServer((request, response) => {
    this.cursors.push(request.headers['last-event-id']);
    this.authorizations.push(request.headers.authorization);
    const answer = this.#answers.shift() ?? stop;
    answer(response, request);
  });
  readonly #answers: Answer[];
  /** What each request gave as Last-Event-ID, and as Authorization. */
  readonly cursors: unknown[] = [];
  readonly authorizations: unknown[] = [];

  constructor(...answers: Answer[]) {
    this.#answers = answers;
  }

  async listen(port = 0): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

const stop: Answer = (response) => response.writeHead(204).end();
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end('{}');

const STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };
/** Says it all and ends; comes back at once. */
const says =
  (text: string): Answer =>
  (response) =>
    response.writeHead(200, STREAM).end(`retry: 1\n\n${text}`);
/** Says it all and is cut. */
const cutAfter =
  (text: string): Answer =>
  (response) => {
    response.writeHead(200, STREAM);
    response.write(`retry: 1\n\n${text}`, () => response.destroy());
  };

const frame = (id: string, event = 'a.b.c') =>
  `id: ${id}\nevent: ${event}\ndata: {"id":"${id}"}\n\n`;

async function follow(edge: ScriptedEdge, options: Partial<FeedOptions> = {}) {
  const frames: FeedFrame[] = [];
  const connections: boolean[] = [];
  await followFeed({
    edgeUrl: await edge.listen(),
    token: 'a.b.c',
    onFrame: (each) => frames.push(each),
    onConnection: (isOpen) => connections.push(isOpen),
    signal: new AbortController().signal,
    ...options,
  });
  return { ids: frames.map(({ id }) => id), frames, connections };
}

describe('a feed', () => {
  test('goes on where it was, after an end, a cut, and a cut in the middle of a frame', async () => {
    await using edge = new ScriptedEdge(
      says(`id: 0\n\n${frame('1')}${frame('2')}`),
      cutAfter(`id: 2\n\n${frame('3')}`),
      cutAfter(`id: 3\n\n${frame('4')}${frame('5').slice(0, -1)}`),
      says(`id: 4\n\n${frame('5')}`),
    );
    const { ids, connections } = await follow(edge);
    assert.deepEqual(ids, ['1', '2', '3', '4', '5']);
    assert.deepEqual(edge.cursors, [undefined, '2', '3', '4', '5']);
    assert.deepEqual(connections, [true, false, true, false, true, false, true, false]);
    assert.equal(edge.authorizations[0], 'Bearer a.b.c');
  });

  test('starts at the cursor given', async () => {
    await using edge = new ScriptedEdge(says('id: 7\n\n'));
    await follow(edge, { cursor: '6' });
    assert.deepEqual(edge.cursors, ['6', '7']);
  });

  test('moves its place with heartbeats, and not with frames about the stream', async () => {
    const reset = 'event: reset\ndata: {}\n\n';
    await using edge = new ScriptedEdge(says(`${frame('1')}${reset}id: 9\n\n`));
    const { frames } = await follow(edge);
    assert.deepEqual(frames, [
      { event: 'a.b.c', id: '1', data: { id: '1' } },
      { event: 'reset', id: undefined, data: {} },
    ]);
    assert.deepEqual(edge.cursors, [undefined, '9']);
  });

  test('that is told to come back later keeps its place, and was not open', async () => {
    await using edge = new ScriptedEdge(says(frame('1')), says(''), says(frame('2')));
    const { ids, connections } = await follow(edge);
    assert.deepEqual(ids, ['1', '2']);
    assert.deepEqual(edge.cursors, [undefined, '1', '1', '2']);
    assert.deepEqual(connections, [true, false, true, false]);
  });

  test('comes back after what a server says when it is in trouble', async () => {
    await using edge = new ScriptedEdge(says(frame('1')), status(503), status(429), status(502));
    await follow(edge);
    assert.deepEqual(edge.cursors, [undefined, '1', '1', '1', '1']);
  });

  test('comes back to a server that was away', async () => {
    const abort = new AbortController();
    const first = new ScriptedEdge(says(frame('1')));
    const edgeUrl = await first.listen();
    const ids: unknown[] = [];
    const following = followFeed({
      edgeUrl,
      token: 't',
      onFrame: ({ id }) => ids.push(id),
      onConnection: (isOpen) => isOpen || closed.resolve(),
      signal: abort.signal,
    });
    const closed = Promise.withResolvers<void>();
    await closed.promise;
    await first[Symbol.asyncDispose]();
    await using second = new ScriptedEdge(says(frame('2')));
    await second.listen(Number(new URL(edgeUrl).port));
    await following;
    assert.deepEqual(ids, ['1', '2']);
    assert.equal(second.cursors[0], '1');
  });

  test('gives a silent connection up', async () => {
    const silent: Answer = (response) => {
      response.writeHead(200, STREAM);
      response.write(`retry: 1\n\n${frame('1')}`);
    };
    await using edge = new ScriptedEdge(silent, silent);
    const { ids } = await follow(edge, { silenceMs: 50 });
    assert.deepEqual(ids, ['1', '1']);
  });
});

describe('a feed is over', () => {
  test('when the signal aborts: connected, waiting, or before', async () => {
    const abort = new AbortController();
    const open: Answer = (response) => {
      response.writeHead(200, STREAM);
      response.write('id: 1\n\n');
    };
    await using connected = new ScriptedEdge(open);
    await follow(connected, { signal: abort.signal, onConnection: () => abort.abort() });
    await using never = new ScriptedEdge();
    await follow(never, { signal: abort.signal });
    assert.deepEqual(never.cursors, []);
    const waiting = new AbortController();
    await using busy = new ScriptedEdge((response) => {
      response.writeHead(200, STREAM).end('retry: 600000\n\nid: 1\n\n');
    });
    await follow(busy, {
      signal: waiting.signal,
      onConnection: (isOpen) => isOpen || setImmediate(() => waiting.abort()),
    });
    assert.equal(busy.cursors.length, 1);
  });

  test('when it is refused, or is no feed', async () => {
    for (const [answer, code] of [
      [status(401), 'HTTP_401'],
      [status(403), 'HTTP_403'],
      [status(404), 'HTTP_404'],
      [status(200, { 'content-type': 'text/html' }), 'not-an-event-stream'],
    ] as const) {
      await using edge = new ScriptedEdge(answer);
      await assert.rejects(
        follow(edge),
        (error) => error instanceof RequestFailed && error.code === code,
      );
      assert.equal(edge.cursors.length, 1);
    }
  });

  test('when the caller’s own code fails, whatever it throws', async () => {
    const failure = new TypeError('a bug of the caller');
    await using edge = new ScriptedEdge(says(frame('1')), says(frame('2')));
    const onFrame = () => {
      throw failure;
    };
    await assert.rejects(follow(edge, { onFrame }), failure);
    assert.equal(edge.cursors.length, 1);
  });
});
