import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { EVENT_BODY_MAX_BYTES } from '@sori/api';
import { userEvents } from '@sori/chat-events';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';

const EVENT = {
  type: 'user.settings.updated',
  data: { userId: 'anna', settings: { theme: 'dark' } },
};

describe('events of services', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startTestGateway();
  });
  after(() => gateway[Symbol.asyncDispose]());

  function headersOf(id: string): Record<string, string> | undefined {
    const records = gateway.log.records(userEvents.name);
    const all = records.map(({ headers }) =>
      Object.fromEntries(headers.map(({ key, value }) => [key, value.toString()])),
    );
    return all.find((headers) => headers['ce_id'] === id);
  }

  it('are stored with what the service says of them', async () => {
    const service = await gateway.service([userEvents.name]);
    const { status, body } = await service.request('POST', '/v1/events', {
      ...EVENT,
      id: 'billing-7',
      time: '2026-01-27T10:00:00.5Z',
      correlationId: 'c-1',
      causationId: 'c-0',
    });
    assert.equal(status, 201);
    assert.deepEqual(Object.keys(body).sort(), ['id', 'offset', 'partition', 'topic']);
    assert.equal(body.id, 'billing-7');
    assert.equal(body.topic, userEvents.name);
    const headers = headersOf('billing-7');
    assert.equal(headers?.['ce_time'], '2026-01-27T10:00:00.5Z');
    assert.equal(headers?.['ce_correlationid'], 'c-1');
    assert.equal(headers?.['ce_causationid'], 'c-0');
    assert.equal(headers?.['ce_subject'], 'anna');
  });

  it('get an id, a time and the correlation of the request where the service says none', async () => {
    const service = await gateway.service([userEvents.name]);
    const { body } = await service.request('POST', '/v1/events', EVENT, {
      'x-request-id': 'request-7',
    });
    const headers = headersOf(body.id);
    assert.ok(headers);
    assert.equal(headers['ce_correlationid'], 'request-7');
    assert.ok(!Number.isNaN(Date.parse(headers['ce_time'] ?? '')));
  });

  for (const [what, event, path] of [
    ['an unknown type', { ...EVENT, type: 'user.account.invented' }, '/type'],
    ['a type out of the prototype', { ...EVENT, type: 'constructor' }, '/type'],
    ['a missing field', { ...EVENT, data: { userId: 'anna' } }, '/data'],
    ['a field that nobody knows', { ...EVENT, data: { ...EVENT.data, x: 1 } }, '/data/x'],
    ['an id that is none', { ...EVENT, data: { ...EVENT.data, userId: 'a b' } }, '/data/userId'],
    ['data that is no object', { ...EVENT, data: 7 }, '/data'],
    ['a time that is none', { ...EVENT, time: '2026-13-41T10:00:00Z' }, '/time'],
  ] as const) {
    it(`are refused with ${what}, and told where`, async () => {
      const service = await gateway.service([userEvents.name]);
      const { status, body } = await service.request('POST', '/v1/events', event);
      assert.deepEqual([status, body.code], [400, 'invalid-event']);
      assert.equal(body.errors[0].path, path);
      assert.ok(body.errors[0].message.length > 0);
    });
  }

  it('are refused on a topic that the token does not name', async () => {
    const service = await gateway.service(['friend.events']);
    const { status, body } = await service.request('POST', '/v1/events', EVENT);
    assert.deepEqual([status, body.code], [403, 'topic-not-permitted']);
  });

  it('are refused from people, and from nobody', async () => {
    const person = await gateway.person();
    const fromPerson = await person.request('POST', '/v1/events', EVENT);
    assert.deepEqual([fromPerson.status, fromPerson.body.code], [403, 'service-required']);
    const fromNobody = await gateway.anybody.request('POST', '/v1/events', EVENT);
    assert.deepEqual([fromNobody.status, fromNobody.body.code], [401, 'token-missing']);
  });

  it('are refused when they are larger than a body, or a record, may be', async () => {
    const service = await gateway.service([userEvents.name]);
    const text = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 'x'.repeat(1_000)]));
    const large = (count: number) => ({
      ...EVENT,
      data: { userId: 'anna', settings: text(count) },
    });
    const body = await service.request(
      'POST',
      '/v1/events',
      large(EVENT_BODY_MAX_BYTES / 1_000 + 10),
    );
    assert.deepEqual([body.status, body.body.code], [413, 'body-too-large']);
    const stored = await service.request('POST', '/v1/events', large(900));
    assert.equal(stored.status, 201);
  });
});

describe('a batch of events', () => {
  const NDJSON = { 'content-type': 'application/x-ndjson' };
  let gateway: TestGateway;
  before(async () => {
    gateway = await startTestGateway();
  });
  after(() => gateway[Symbol.asyncDispose]());

  it('is stored in the order of its lines, each answered on its own', async () => {
    const service = await gateway.service([userEvents.name]);
    const lines = [
      JSON.stringify({ ...EVENT, id: 'first' }),
      '{"type":',
      JSON.stringify({ ...EVENT, more: true }),
      '',
      JSON.stringify({ ...EVENT, data: {} }),
      JSON.stringify({
        type: 'friend.request.sent',
        data: { pairId: 'a:b', requesterId: 'a', addresseeId: 'b' },
      }),
      JSON.stringify({ ...EVENT, id: 'last' }),
    ];
    const { status, body } = await service.request(
      'POST',
      '/v1/events',
      `${lines.join('\r\n')}\n`,
      NDJSON,
    );
    assert.equal(status, 200);
    assert.deepEqual(
      body.results.map((result: { status: number; id?: string; code?: string }) => [
        result.status,
        result.id ?? result.code,
      ]),
      [
        [201, 'first'],
        [400, 'malformed-json'],
        [400, 'invalid-request'],
        [400, 'invalid-event'],
        [403, 'topic-not-permitted'],
        [201, 'last'],
      ],
    );
    const [first, last] = [body.results[0], body.results[5]];
    assert.equal(first.partition, last.partition);
    assert.ok(first.offset < last.offset);
    assert.deepEqual(body.results[2].errors, [{ path: '/more', message: 'is not a known field' }]);
  });

  it('has a thousand events at most', async () => {
    const service = await gateway.service([userEvents.name]);
    const lines = `${JSON.stringify(EVENT)}\n`;
    const answer = await service.request('POST', '/v1/events', lines.repeat(1_001), NDJSON);
    assert.deepEqual([answer.status, answer.body.code], [413, 'too-many-events']);
    const whole = await service.request('POST', '/v1/events', lines.repeat(1_000), NDJSON);
    assert.equal(whole.body.results.length, 1_000);
    assert.ok(whole.body.results.every((result: { status: number }) => result.status === 201));
  });

  it('is described beside the single event', async () => {
    const { body } = await gateway.anybody.request('GET', '/openapi.json');
    const { requestBody, responses } = body.paths['/v1/events'].post;
    assert.deepEqual(Object.keys(requestBody.content), [
      'application/json',
      'application/x-ndjson',
    ]);
    const answer = responses['200'].content['application/json'].schema;
    assert.deepEqual(Object.keys(answer.properties), ['results']);
  });

  it('is taken by no other route', async () => {
    const anna = await gateway.person();
    const answer = await anna.request('POST', '/v1/rooms', '{}', NDJSON);
    assert.deepEqual([answer.status, answer.body.code], [415, 'unsupported-media-type']);
  });
});
