import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type PersonClient, startTestGateway, type TestGateway } from '../testing/test-gateway.ts';

const NOBODY = { friends: [], incoming: [], outgoing: [], blocked: [] };

describe('friends', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startTestGateway();
  });
  after(() => gateway[Symbol.asyncDispose]());

  async function pair(): Promise<readonly [PersonClient, PersonClient]> {
    return [await gateway.person(), await gateway.person()];
  }

  async function friendsOf(person: PersonClient): Promise<unknown> {
    return (await person.request('GET', '/v1/friends')).body.friends;
  }

  async function toldBetween(one: PersonClient, other: PersonClient): Promise<readonly string[]> {
    const told = await gateway.told([one.id, other.id].sort().join(':'));
    return told.map(({ type }) => type.replace('friend.', ''));
  }

  function step(one: PersonClient, name: string, other: PersonClient) {
    return one.request('POST', `/v1/friends/${other.id}/${name}`);
  }

  it('are those who asked and accepted; each step is told once', async () => {
    const [anna, boris] = await pair();
    for (const status of [204, 204]) {
      assert.equal((await step(anna, 'request', boris)).status, status);
    }
    assert.deepEqual(await friendsOf(anna), { ...NOBODY, outgoing: [boris.id] });
    assert.deepEqual(await friendsOf(boris), { ...NOBODY, incoming: [anna.id] });
    for (const status of [204, 204]) {
      assert.equal((await step(boris, 'accept', anna)).status, status);
    }
    const { body } = await anna.request('GET', '/v1/friends');
    assert.deepEqual(body, {
      friends: { ...NOBODY, friends: [boris.id] },
      people: [{ id: boris.id, handle: boris.handle, displayName: boris.handle }],
    });
    for (const status of [204, 204]) {
      assert.equal((await step(boris, 'remove', anna)).status, status);
    }
    assert.deepEqual(await friendsOf(anna), NOBODY);
    assert.deepEqual(await toldBetween(anna, boris), [
      'request.sent',
      'request.accepted',
      'relation.removed',
    ]);
  });

  it('are not those who were refused, or asked no longer', async () => {
    const [anna, boris] = await pair();
    await step(anna, 'request', boris);
    assert.equal((await step(boris, 'reject', anna)).status, 204);
    await step(anna, 'request', boris);
    assert.equal((await step(anna, 'cancel', boris)).status, 204);
    assert.deepEqual(await friendsOf(boris), NOBODY);
    assert.deepEqual(await toldBetween(anna, boris), [
      'request.sent',
      'request.rejected',
      'request.sent',
      'request.cancelled',
    ]);
  });

  it('become so where two requests cross', async () => {
    const [anna, boris] = await pair();
    const answers = await Promise.all([step(anna, 'request', boris), step(boris, 'request', anna)]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [204, 204],
    );
    assert.deepEqual(await friendsOf(anna), { ...NOBODY, friends: [boris.id] });
    assert.deepEqual(await toldBetween(anna, boris), ['request.sent', 'request.accepted']);
  });

  it('are told once where two accept at once', async () => {
    const [anna, boris] = await pair();
    await step(anna, 'request', boris);
    const answers = await Promise.all(Array.from({ length: 4 }, () => step(boris, 'accept', anna)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [204, 204, 204, 204],
    );
    assert.deepEqual(await toldBetween(anna, boris), ['request.sent', 'request.accepted']);
  });

  it('cannot both be accepted and taken back', async () => {
    const [anna, boris] = await pair();
    await step(anna, 'request', boris);
    const [cancelled, accepted] = await Promise.all([
      step(anna, 'cancel', boris),
      step(boris, 'accept', anna),
    ]);
    const told = (await toldBetween(anna, boris)).slice(1);
    const outcome = [cancelled.status, accepted.status, ...told].join(' ');
    assert.ok(['204 409 request.cancelled', '409 204 request.accepted'].includes(outcome), outcome);
  });

  it('end with a block, which keeps requests away until it is lifted', async () => {
    const [anna, boris] = await pair();
    await step(anna, 'request', boris);
    await step(boris, 'accept', anna);
    for (const status of [204, 204]) {
      assert.equal((await step(anna, 'block', boris)).status, status);
    }
    assert.deepEqual(await friendsOf(anna), { ...NOBODY, blocked: [boris.id] });
    assert.deepEqual(await friendsOf(boris), NOBODY);
    for (const [one, other] of [
      [anna, boris],
      [boris, anna],
    ] as const) {
      const { status, body } = await step(one, 'request', other);
      assert.deepEqual([status, body.code], [403, 'blocked']);
    }
    assert.equal((await step(anna, 'unblock', boris)).status, 204);
    assert.equal((await step(boris, 'request', anna)).status, 204);
    assert.deepEqual((await toldBetween(anna, boris)).slice(2), [
      'relation.removed',
      'block.created',
      'block.removed',
      'request.sent',
    ]);
  });

  it('never are blocked people, whatever crosses', async () => {
    const [anna, boris] = await pair();
    await step(anna, 'request', boris);
    await Promise.all([step(boris, 'accept', anna), step(anna, 'block', boris)]);
    assert.deepEqual(await friendsOf(anna), { ...NOBODY, blocked: [boris.id] });
    assert.deepEqual(await friendsOf(boris), NOBODY);
    assert.equal((await toldBetween(anna, boris)).at(-1), 'block.created');
  });

  it('are others: oneself and people who are not there are refused', async () => {
    const [anna] = await pair();
    const oneself = await step(anna, 'request', anna);
    assert.deepEqual([oneself.status, oneself.body.code], [400, 'oneself']);
    const nobody = await anna.request('POST', '/v1/friends/nobody/request');
    assert.deepEqual([nobody.status, nobody.body.code], [404, 'user-not-found']);
    const noRequest = await step(anna, 'accept', await gateway.person());
    assert.deepEqual([noRequest.status, noRequest.body.code], [409, 'no-request']);
    const noStep = await anna.request('POST', `/v1/friends/${anna.id}/constructor`);
    assert.deepEqual([noStep.status, noStep.body.code], [400, 'invalid-request']);
  });
});
