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
