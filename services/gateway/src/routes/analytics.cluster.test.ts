import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AnalyticsSnapshot } from '@sori/api';
import { catalog } from '@sori/chat-events';
import {
  addActiveUsers,
  addDeadLetters,
  addEventCounts,
  addLatencies,
  addOnlineChanges,
  addRoomMessages,
  addUntimely,
  DAY,
  HOUR,
  latencyBucket,
  MINUTE,
  type Pool,
  SECOND,
  windowStart,
} from '@sori/postgres';
import { Value } from 'typebox/value';
import {
  type Client,
  newHandle,
  startTestGateway,
  type TestGateway,
} from '../testing/test-gateway.ts';

/** What the service would have counted of the running minute. */
async function count(pool: Pool, now: number): Promise<void> {
  const topic = 'message.events';
  const widths = [SECOND, MINUTE, HOUR] as const;
  const windows = widths.map((width) => ({ width, start: windowStart(now, width) }));
  const event = (name: string, type: string, records: number) =>
    windows.map((window) => ({ ...window, topic: name, type, records, bytes: 100 * records }));
  await addEventCounts(pool, [
    ...event(topic, 'message.chat.sent', 60),
    ...event(topic, 'undecodable:not-json', 3),
    ...event('message.events.dlq', 'message.chat.sent', 3),
    ...event('user.events', 'user.account.registered', 2),
    ...event('friend.events', 'friend.request.sent', 4),
    ...event('friend.events', 'friend.request.accepted', 1),
  ]);
  const latency = (ms: number, records: number) =>
    windows.map((window) => ({ ...window, topic, bucket: latencyBucket(ms), records }));
  await addLatencies(pool, [...latency(10, 90), ...latency(1_000, 10)]);
  const rooms = [
    { roomId: 'quiet', messages: 10 },
    { roomId: 'busy', messages: 50 },
  ];
  await addRoomMessages(
    pool,
    windows.slice(1).flatMap((window) => rooms.map((room) => ({ ...window, ...room }))),
  );
  const people = ([MINUTE, HOUR, DAY] as const).flatMap((width) =>
    ['ann', 'bob'].map((userId) => ({ width, start: windowStart(now, width), userId })),
  );
  await addActiveUsers(pool, people);
  const letter = { topic, reason: 'BROKEN', group: 'a-group', records: 3 };
  await addDeadLetters(
    pool,
    windows.map((window) => ({ ...window, ...letter })),
  );
  const start = windowStart(now, HOUR);
  await addUntimely(pool, [{ start, topic, reason: 'ahead', records: 5 }]);
  await addOnlineChanges(pool, [
    { second: Math.floor(now) - 3, change: 3 },
    { second: Math.floor(now) - 2, change: -1 },
    { second: Math.floor(now) + 600, change: -2 },
  ]);
}

describe('analytics for operators', () => {
  let gateway: TestGateway;
  let operator: Client;

  before(async () => {
    gateway = await startTestGateway();
    const body = { handle: newHandle(), operator: true };
    const signedIn = await gateway.anybody.request('POST', '/v1/dev/sessions', body);
    operator = gateway.withToken(signedIn.body.token);
    await count(gateway.database.pool, Date.now() / 1_000);
  });
  after(async () => gateway[Symbol.asyncDispose]());

  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  async function ask(path: string): Promise<any> {
    const { status, body } = await operator.request('GET', `/v1/analytics/${path}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  test('nobody else gets any of it', async () => {
    const person = await gateway.person();
    const service = await gateway.service(['message.events']);
    const paths = ['overview', 'topics', 'rooms', 'users', 'dead-letters', 'latency', 'stream'];
    for (const path of paths) {
      const url = `/v1/analytics/${path}`;
      assert.equal((await gateway.anybody.request('GET', url)).body.code, 'token-missing');
      for (const client of [person, service]) {
        const { status, body } = await client.request('GET', url);
        assert.deepEqual([status, body.code], [403, 'not-an-operator']);
      }
    }
    const without = { handle: newHandle(), operator: false };
    const signedIn = await gateway.anybody.request('POST', '/v1/dev/sessions', without);
    const client = gateway.withToken(signedIn.body.token);
    assert.equal((await client.request('GET', '/v1/analytics/overview')).status, 403);
  });

  test('an operator need not be in the chat, and is none once the account is deleted', async () => {
    const token = await gateway.tokenOf({ subject: 'no-account', roles: ['operator'] });
    const visitor = gateway.withToken(token);
    assert.equal((await visitor.request('GET', '/v1/analytics/rooms')).status, 200);
    const robot = { kind: 'service', subject: 'reports', roles: ['operator'] } as const;
    const service = gateway.withToken(await gateway.tokenOf(robot));
    assert.equal((await service.request('GET', '/v1/analytics/rooms')).status, 200);
    const body = { handle: newHandle(), operator: true };
    const signedIn = await gateway.anybody.request('POST', '/v1/dev/sessions', body);
    const leaver = gateway.withToken(signedIn.body.token);
    assert.equal((await leaver.request('DELETE', '/v1/me')).status, 204);
    const refused = await leaver.request('GET', '/v1/analytics/rooms');
    assert.deepEqual([refused.status, refused.body.code], [401, 'account-deleted']);
  });

  test('the overview has everything in one number each', async () => {
    const overview = await ask('overview');
    assert.equal(overview.window, '1m');
    assert.deepEqual(overview.total, { records: 73, bytes: 7_300 });
    assert.equal(overview.rate.eventsPerSecond, 73 / overview.elapsedSeconds);
    assert.equal(overview.expected.eventsPerSecond, 50 + 500 + 100 + 20 + 1_000 + 1_200);
    assert.equal(overview.messages, 60, 'dead letters are no messages');
    assert.equal(overview.signUps, 2);
    assert.deepEqual(overview.friendRequests, { sent: 4, accepted: 1, acceptanceRate: 0.25 });
    assert.deepEqual(overview.activeUsers, { minute: 2, hour: 2, day: 2 });
    assert.deepEqual(overview.online, { now: 2, peak: 3 });
    assert.equal(overview.deadLetters, 3);
    assert.deepEqual(overview.latency, { p50: 10, p95: 1_020, p99: 1_020 });
    assert.deepEqual(overview.untimely, [{ reason: 'ahead', records: 5 }]);
  });

  test('topics stand beside what the catalog expects of them', async () => {
    for (const window of ['1s', '1m', '1h']) {
      const { topics, times, ...range } = await ask(`topics?window=${window}`);
      assert.equal(range.window, window);
      const names = catalog.topics.map(({ name }) => name);
      assert.deepEqual(
        topics.map(({ topic }: { topic: string }) => topic),
        names,
      );
      const messages = topics[names.indexOf('message.events')];
      assert.deepEqual(messages.total, { records: 63, bytes: 6_300 });
      assert.deepEqual(messages.expected, { eventsPerSecond: 1_000, bytesPerSecond: 1_000_000 });
      assert.deepEqual(messages.types, [
        { type: 'message.chat.sent', records: 60, bytes: 6_000 },
        { type: 'undecodable:not-json', records: 3, bytes: 300 },
      ]);
      assert.equal(messages.series.records.length, times.length);
      const sum = messages.series.records.reduce((one: number, other: number) => one + other, 0);
      assert.equal(sum, 63);
      const idle = topics[names.indexOf('chat.events')];
      assert.deepEqual(idle.total, { records: 0, bytes: 0 });
    }
  });

  test('rooms, people, dead letters and latencies', async () => {
    const { rooms } = await ask('rooms?window=1h&limit=1');
    assert.deepEqual(rooms, [{ roomId: 'busy', messages: 50 }]);
    const minutes = await ask('users');
    assert.equal(minutes.active.at(-1), 2);
    assert.equal(minutes.signUps.at(-1), 2);
    assert.equal(Math.max(...minutes.onlinePeak), 3);
    const days = await ask('users?window=1d');
    assert.equal(days.times.length, 30);
    assert.deepEqual(
      [days.active.at(-1), days.friendRequestsSent.at(-1), days.friendRequestsAccepted.at(-1)],
      [2, 4, 1],
    );
    const letters = await ask('dead-letters');
    assert.equal(letters.total, 3);
    assert.deepEqual(letters.letters, [
      { topic: 'message.events', reason: 'BROKEN', group: 'a-group', records: 3 },
    ]);
    const { topics, bucketError } = await ask('latency');
    assert.equal(bucketError, 0.05);
    const timed = topics.find(({ topic }: { topic: string }) => topic === 'message.events');
    assert.equal(timed.records, 100);
    assert.deepEqual(timed.latency, { p50: 10, p95: 1_020, p99: 1_020 });
    const told = timed.series.p50.filter((value: number | null) => value !== null);
    assert.deepEqual(told, [10]);
    const silent = topics.find(({ topic }: { topic: string }) => topic === 'chat.events');
    assert.equal(silent.latency, null);
  });

  test('questions that make no sense are refused', async () => {
    for (const [query, code] of [
      ['topics?window=1d', 'invalid-request'],
      ['rooms?window=1s', 'invalid-request'],
      ['rooms?limit=0', 'invalid-request'],
      ['users?window=1s', 'invalid-request'],
      ['latency?from=yesterday', 'invalid-request'],
      ['latency?to=2026-13-01T00:00:00Z', 'invalid-request'],
      ['overview?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'empty-range'],
      ['overview?color=red', 'invalid-request'],
    ]) {
      const { status, body } = await operator.request('GET', `/v1/analytics/${query}`);
      assert.deepEqual([status, body.code], [400, code], query);
    }
  });

  /** Reads a stream frame by frame; whoever stops goes away. */
  async function* frames(token: string) {
    const leaving = new AbortController();
    const response = await fetch(`${gateway.url}/v1/analytics/stream`, {
      headers: { authorization: `Bearer ${token}` },
      signal: leaving.signal,
    });
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    assert(response.body !== null);
    let text = '';
    try {
      for await (const chunk of response.body) {
        text += Buffer.from(chunk).toString();
        const whole = text.split('\n\n');
        text = whole.pop() ?? '';
        yield* whole;
      }
    } finally {
      leaving.abort();
    }
  }

  test('listeners are given the same snapshots, until their tokens end', async () => {
    const roles = ['operator'];
    const long = await gateway.tokenOf({ roles });
    const short = await gateway.tokenOf({ roles }, 2);
    const heard: string[] = [];
    const listening = (async () => {
      for await (const frame of frames(short)) heard.push(frame);
    })();
    const others: string[] = [];
    for await (const frame of frames(long)) {
      others.push(frame);
      if (others.length === 3) break;
    }
    await listening;
    assert.equal(heard[0], 'retry: 3000');
    const [, first = ''] = others;
    const [event, data = ''] = first.split('\ndata: ');
    assert.equal(event, 'event: snapshot');
    const snapshot: unknown = JSON.parse(data);
    assert(Value.Check(AnalyticsSnapshot, snapshot), data);
    assert.equal(snapshot.online, 2);
    assert.equal(snapshot.lastHour.messages, 60);
    assert.equal(snapshot.lastHour.onlinePeak, 3);
    assert(heard.some((frame) => others.includes(frame) && frame !== 'retry: 3000'));
  });

  test('a gateway that closes ends its streams', async () => {
    const other = await startTestGateway();
    const token = await other.tokenOf({ roles: ['operator'] });
    const response = await fetch(`${other.url}/v1/analytics/stream`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const [text] = await Promise.all([response.text(), other[Symbol.asyncDispose]()]);
    assert.match(text, /^retry: 3000\n\n/);
  });
});
