import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newHandle, startTestGateway, type TestGateway } from '../testing/test-gateway.ts';

describe('people', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startTestGateway();
  });
  after(() => gateway[Symbol.asyncDispose]());

  it('finds people by the beginning of handle and name, whatever its case', async () => {
    const anna = await gateway.person();
    await anna.request('PATCH', '/v1/me', { displayName: 'Ärla 김' });
    for (const query of [anna.handle.slice(0, 12), 'ÄRLA', 'ärla 김']) {
      const path = `/v1/users?query=${encodeURIComponent(query)}`;
      const { status, body } = await anna.request('GET', path);
      assert.equal(status, 200);
      assert.deepEqual(body.people, [{ id: anna.id, handle: anna.handle, displayName: 'Ärla 김' }]);
    }
  });

  it('takes the wildcards of a query literally', async () => {
    const anna = await gateway.person();
    for (const query of ['%', 'p%', '\\', `${anna.handle.slice(0, 1)}__`]) {
      const path = `/v1/users?query=${encodeURIComponent(query)}`;
      assert.deepEqual((await anna.request('GET', path)).body.people, []);
    }
  });

  it('gives twenty people at most', async () => {
    const anna = await gateway.person();
    await Promise.all(Array.from({ length: 21 }, () => gateway.person()));
    const { body } = await anna.request('GET', '/v1/users?query=p_');
    assert.equal(body.people.length, 20);
  });

  it('gives one person by id, and says of others that they are not there', async () => {
    const [anna, boris] = [await gateway.person(), await gateway.person()];
    const found = await anna.request('GET', `/v1/users/${boris.id}`);
    assert.deepEqual(found.body, { id: boris.id, handle: boris.handle, displayName: boris.handle });
    const missing = await anna.request('GET', '/v1/users/nobody');
    assert.deepEqual([missing.status, missing.body.code], [404, 'user-not-found']);
  });

  it('tells of a new name once', async () => {
    const anna = await gateway.person();
    for (const displayName of ['Anna A.', 'Anna A.']) {
      const { status, body } = await anna.request('PATCH', '/v1/me', { displayName });
      assert.equal(status, 200);
      assert.equal(body.displayName, 'Anna A.');
    }
    assert.deepEqual(
      (await gateway.told(anna.id))
        .filter(({ type }) => type === 'user.profile.updated')
        .map(({ data }) => data),
      [{ userId: anna.id, displayName: 'Anna A.' }],
    );
  });

  for (const displayName of ['', '   ', 'a\nb', 'a\u0000b', 'x'.repeat(81), 7, null]) {
    it(`refuses the name ${JSON.stringify(displayName)?.slice(0, 20)}`, async () => {
      const anna = await gateway.person();
      const { status, body } = await anna.request('PATCH', '/v1/me', { displayName });
      assert.deepEqual([status, body.code], [400, 'invalid-request']);
      assert.equal(body.errors[0].path, '/displayName');
    });
  }
});

describe('deleting an account', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startTestGateway();
  });
  after(() => gateway[Symbol.asyncDispose]());

  it('makes its tokens good for nothing, on every route', async () => {
    const anna = await gateway.person();
    const { body } = await anna.request('POST', '/v1/rooms', {
      kind: 'group',
      name: 'Room',
      memberIds: [],
    });
    const { status } = await anna.request('DELETE', '/v1/me');
    assert.equal(status, 204);
    const message = { clientMessageId: '0f7c1b1e-6d0c-4a52-9d43-4f8c5a8f2a10', text: 'hello' };
    for (const [method, path, sent] of [
      ['GET', '/v1/me'],
      ['DELETE', '/v1/me'],
      ['GET', '/v1/rooms'],
      ['GET', '/v1/users?query=p'],
      ['POST', `/v1/rooms/${body.room.id}/messages`, message],
      ['POST', '/v1/users', { handle: newHandle(), displayName: 'Again' }],
    ] as const) {
      const answer = await anna.request(method, path, sent);
      assert.deepEqual([answer.status, answer.body.code], [401, 'account-deleted'], path);
    }
    assert.deepEqual(gateway.logged(body.room.id), []);
  });

  it('wipes the name, and gives the handle back', async () => {
    const [anna, boris] = [await gateway.person(), await gateway.person()];
    await anna.request('DELETE', '/v1/me');
    assert.equal((await boris.request('GET', `/v1/users/${anna.id}`)).status, 404);
    const found = await boris.request('GET', `/v1/users?query=${anna.handle}`);
    assert.deepEqual(found.body.people, []);
    const { rows } = await gateway.database.pool.query('SELECT * FROM users WHERE id = $1', [
      anna.id,
    ]);
    assert.equal(JSON.stringify(rows).includes(anna.handle), false);
    const { handle } = anna;
    const next = await gateway.anybody.request('POST', '/v1/dev/sessions', { handle });
    assert.equal(next.status, 201);
    assert.notEqual(next.body.user.id, anna.id);
  });

  it('leaves every room, passes ownership on, and ends every friendship and request', async () => {
    const [anna, boris, clara] = await Promise.all([
      gateway.person(),
      gateway.person(),
      gateway.person(),
    ]);
    await anna.request('POST', `/v1/friends/${boris.id}/request`);
    await boris.request('POST', `/v1/friends/${anna.id}/accept`);
    await anna.request('POST', `/v1/friends/${clara.id}/request`);
    const group = await anna.request('POST', '/v1/rooms', {
      kind: 'group',
      name: 'Group',
      memberIds: [boris.id],
    });
    const direct = await anna.request('POST', '/v1/rooms', {
      kind: 'direct',
      name: 'Us',
      memberIds: [boris.id],
    });
    assert.equal((await anna.request('DELETE', '/v1/me')).status, 204);

    const left = await boris.request('GET', `/v1/rooms/${group.body.room.id}`);
    assert.deepEqual(left.body.room.members, [{ userId: boris.id, role: 'owner' }]);
    const alone = await boris.request('GET', `/v1/rooms/${direct.body.room.id}`);
    assert.equal(alone.body.room.archived, true);
    assert.deepEqual((await boris.request('GET', '/v1/friends')).body.friends.friends, []);
    assert.deepEqual((await clara.request('GET', '/v1/friends')).body.friends.incoming, []);

    const typesOf = async (key: string) => (await gateway.told(key)).map(({ type }) => type);
    assert.equal((await typesOf(anna.id)).at(-1), 'user.account.deleted');
    assert.deepEqual((await typesOf(group.body.room.id)).slice(-2), [
      'chat.member.left',
      'chat.member.role-changed',
    ]);
    assert.deepEqual((await typesOf(direct.body.room.id)).slice(-2), [
      'chat.member.left',
      'chat.room.archived',
    ]);
    const pair = (other: string) => [anna.id, other].sort().join(':');
    assert.equal((await typesOf(pair(boris.id))).at(-1), 'friend.relation.removed');
    assert.equal((await typesOf(pair(clara.id))).at(-1), 'friend.request.cancelled');
  });

  it('leaves nobody in a room who was invited while it went on', async () => {
    const owner = await gateway.person();
    const rooms = await Promise.all(
      Array.from({ length: 4 }, () =>
        owner.request('POST', '/v1/rooms', { kind: 'group', name: 'Room', memberIds: [] }),
      ),
    );
    const guest = await gateway.person();
    const ids = rooms.map(({ body }) => body.room.id);
    const [deleted, ...invited] = await Promise.all([
      guest.request('DELETE', '/v1/me'),
      ...ids.map((id) => owner.request('POST', `/v1/rooms/${id}/members`, { userId: guest.id })),
      owner.request('POST', `/v1/friends/${guest.id}/request`),
    ]);
    assert.equal(deleted?.status, 204);
    for (const { status } of invited) assert.ok([204, 404].includes(status));
    for (const id of ids) {
      const { body } = await owner.request('GET', `/v1/rooms/${id}`);
      assert.deepEqual(body.room.members, [{ userId: owner.id, role: 'owner' }]);
    }
    const { body } = await owner.request('GET', '/v1/friends');
    assert.deepEqual(body.friends.outgoing, []);
  });
});
