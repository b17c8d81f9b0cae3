import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PRESENCE_USERS_MAX } from '@sori/api';
import { catalog, presenceChanged, userOnlineStatus } from '@sori/chat-events';
import { encodeEvent, newEventId, partitionForKey } from '@sori/contract';
import { until } from '@sori/postgres/testing';
import { type PersonClient, startTestGateway, type TestGateway } from '../testing/test-gateway.ts';

describe('presence', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startTestGateway();
  });
  after(() => gateway[Symbol.asyncDispose]());

  const SINCE = new Date().toISOString();

  /** As an edge says it. */
  function say(userId: string, state: 'online' | 'away'): void {
    const draft = presenceChanged({
      userId,
      sessionId: newEventId(),
      edgeId: 'edge',
      device: 'desktop',
      leaseMs: 75_000,
      state,
      since: SINCE,
    });
    const record = encodeEvent(draft, { id: newEventId(), source: '/test', time: SINCE });
    const { name, partitions } = catalog.topic(userOnlineStatus.name);
    const partition = partitionForKey(Buffer.from(userId), partitions);
    gateway.log.store({ topic: name, partition }, [record]);
  }

  const ask = (person: PersonClient, ...ids: readonly string[]) =>
    person.request('GET', `/v1/presence?users=${ids.join(',')}`);

  it('is of friends and oneself; others are left out', async () => {
    const people = [gateway.person(), gateway.person(), gateway.person(), gateway.person()];
    const [anna, boris, clara, dora] = await Promise.all(people);
    assert.ok(anna && boris && clara && dora);
    for (const friend of [boris, dora]) {
      await anna.request('POST', `/v1/friends/${friend.id}/request`);
      await friend.request('POST', `/v1/friends/${anna.id}/accept`);
    }
    for (const { id } of [anna, clara]) say(id, 'online');
    say(boris.id, 'away');
    const ids = [clara.id, boris.id, 'nobody', dora.id, anna.id, boris.id];
    const expected = [
      { userId: boris.id, state: 'away', since: SINCE },
      { userId: dora.id, state: 'offline' },
      { userId: anna.id, state: 'online', since: SINCE },
    ];
    await until('all is read', async () => {
      const { status, body } = await ask(anna, ...ids);
      return status === 200 && body.people[0].state === 'away' && body.people[2].state === 'online';
    });
    const { body } = await ask(anna, ...ids);
    assert.deepEqual(body, { people: expected });
  });

  it('is of a hundred people at most', async () => {
    const anna = await gateway.person();
    const ids = Array.from({ length: PRESENCE_USERS_MAX }, (_, index) => `person-${index}`);
    await until('the log is read', async () => (await ask(anna, ...ids)).status === 200);
    for (const refused of [[...ids, 'one-more'], ['a', '', 'b'], [], ['a b']]) {
      const { status, body } = await ask(anna, ...refused);
      assert.deepEqual([status, body.code], [400, 'invalid-request']);
    }
    assert.equal((await gateway.anybody.request('GET', '/v1/presence?users=a')).status, 401);
  });
});
