import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ROOM_MEMBERS_MAX, ROOMS_PER_PERSON_MAX } from '@sori/api';
import {
  type Answer,
  type PersonClient,
  startTestGateway,
  type TestGateway,
} from '../testing/test-gateway.ts';

let gateway: TestGateway;
before(async () => {
  gateway = await startTestGateway();
});
after(() => gateway[Symbol.asyncDispose]());

function people(count: number): Promise<PersonClient[]> {
  return Promise.all(Array.from({ length: count }, () => gateway.person()));
}

async function openRoom(
  owner: PersonClient,
  others: readonly PersonClient[] = [],
  kind: 'group' | 'direct' = 'group',
): Promise<string> {
  const memberIds = others.map(({ id }) => id);
  const { status, body } = await owner.request('POST', '/v1/rooms', {
    kind,
    name: 'Room',
    memberIds,
  });
  assert.equal(status, 201);
  return body.room.id;
}

/** The events of a room, each as its type, whom it is about, and the version that it came with. */
async function toldOf(roomId: string): Promise<readonly string[]> {
  return (await gateway.told(roomId)).map(({ type, data }) =>
    [type.replace('chat.', ''), data.userId, data.role, data.membersVersion]
      .filter((part) => part !== undefined)
      .join(' '),
  );
}

async function membersOf(roomId: string): Promise<Record<string, string>> {
  const { rows } = await gateway.database.pool.query<{ user_id: string; role: string }>(
    'SELECT user_id, role FROM room_members WHERE room_id = $1 AND until_version IS NULL',
    [roomId],
  );
  return Object.fromEntries(rows.map(({ user_id, role }) => [user_id, role]));
}

function assertRefused({ status, body }: Answer, expected: number, code: string): void {
  assert.deepEqual([status, body.code], [expected, code]);
}

describe('rooms', () => {
  it('open with their owner and members, all there from the first version on', async () => {
    const [anna, boris] = await people(2);
    assert.ok(anna && boris);
    const { status, body, headers } = await anna.request('POST', '/v1/rooms', {
      kind: 'group',
      name: 'Tea',
      memberIds: [boris.id, anna.id],
    });
    assert.equal(status, 201);
    const { id } = body.room;
    assert.equal(headers.get('location'), `/v1/rooms/${id}`);
    const common = { id, kind: 'group', name: 'Tea', archived: false, muted: false };
    const { members, ...room } = body.room;
    assert.deepEqual(room, { ...common, role: 'owner' });
    assert.deepEqual(await membersOf(id), { [anna.id]: 'owner', [boris.id]: 'member' });
    assert.equal(members.length, 2);
    assert.equal(body.people.length, 2);
    const seen = await boris.request('GET', '/v1/rooms');
    assert.deepEqual(seen.body, { rooms: [{ ...common, role: 'member', unread: 0 }], people: [] });
    assert.deepEqual(await toldOf(id), [
      'room.created 1',
      `member.joined ${anna.id} owner 1`,
      `member.joined ${boris.id} member 1`,
    ]);
  });

  it('carry the trace of the request into their events', async () => {
    const anna = await gateway.person();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const room = { kind: 'group', name: 'Room', memberIds: [] };
    const { body } = await anna.request('POST', '/v1/rooms', room, {
      traceparent,
      'x-request-id': 'request-7',
    });
    const [created] = await gateway.told(body.room.id);
    assert.equal(created?.headers['ce_traceparent'], traceparent);
    assert.equal(created?.headers['ce_correlationid'], 'request-7');
    assert.equal(created?.headers['ce_source'], '/sori/gateway');
  });

  it('are not there for anybody else', async () => {
    const [anna, boris] = await people(2);
    assert.ok(anna && boris);
    const roomId = await openRoom(anna);
    for (const id of [roomId, 'no-such-room']) {
      for (const [method, path, body] of [
        ['GET', ''],
        ['PATCH', '', { name: 'Mine' }],
        ['POST', '/archive'],
        ['PUT', '/mute'],
        ['DELETE', `/members/${boris.id}`],
        ['DELETE', `/members/${anna.id}`],
        ['POST', '/members', { userId: anna.id }],
        ['PUT', `/members/${anna.id}/role`, { role: 'member' }],
        ['PUT', '/read', { messageId: 'm' }],
      ] as const) {
        const answer = await boris.request(method, `/v1/rooms/${id}${path}`, body);
        assertRefused(answer, 404, 'room-not-found');
      }
    }
    assert.deepEqual(await membersOf(roomId), { [anna.id]: 'owner' });
  });

  it('are renamed by moderators, and tell of a new name once', async () => {
    const [anna, boris] = await people(2);
    assert.ok(anna && boris);
    const roomId = await openRoom(anna, [boris]);
    const path = `/v1/rooms/${roomId}`;
    assertRefused(await boris.request('PATCH', path, { name: 'Mine' }), 403, 'role-required');
    for (const name of ['Coffee', 'Coffee']) {
      assert.equal((await anna.request('PATCH', path, { name })).status, 204);
    }
    assert.equal((await boris.request('GET', path)).body.room.name, 'Coffee');
    assert.deepEqual((await toldOf(roomId)).slice(3), ['room.updated 1']);
  });

  it('are archived by their owner, and change no more', async () => {
    const [anna, boris, clara] = await people(3);
    assert.ok(anna && boris && clara);
    const roomId = await openRoom(anna, [boris]);
    const path = `/v1/rooms/${roomId}`;
    assertRefused(await boris.request('POST', `${path}/archive`), 403, 'role-required');
    for (const status of [204, 204]) {
      assert.equal((await anna.request('POST', `${path}/archive`)).status, status);
    }
    assert.equal((await anna.request('GET', path)).body.room.archived, true);
    const invite = await anna.request('POST', `${path}/members`, { userId: clara.id });
    assertRefused(invite, 409, 'room-archived');
    const join = await clara.request('POST', `${path}/members`, { userId: clara.id });
    assertRefused(join, 409, 'room-archived');
    assertRefused(await anna.request('PATCH', path, { name: 'New' }), 409, 'room-archived');
    const role = { role: 'moderator' };
    const promotion = await anna.request('PUT', `${path}/members/${boris.id}/role`, role);
    assertRefused(promotion, 409, 'room-archived');
    assert.equal((await boris.request('DELETE', `${path}/members/${boris.id}`)).status, 204);
    assert.deepEqual((await toldOf(roomId)).slice(3), [
      'room.archived 1',
      `member.left ${boris.id} 2`,
    ]);
  });

  it('are opened with people who are there, and whom no block parts', async () => {
    const [anna, boris] = await people(2);
    assert.ok(anna && boris);
    const room = { kind: 'group', name: 'Room' };
    const missing = await anna.request('POST', '/v1/rooms', { ...room, memberIds: ['nobody'] });
    assertRefused(missing, 404, 'user-not-found');
    await boris.request('POST', `/v1/friends/${anna.id}/block`);
    const blocked = await anna.request('POST', '/v1/rooms', { ...room, memberIds: [boris.id] });
    assertRefused(blocked, 403, 'blocked');
    assert.deepEqual((await anna.request('GET', '/v1/rooms')).body.rooms, []);
  });

  it('hold as many people as the limit says, and a person as many rooms', async () => {
    const [anna, boris] = await people(2);
    assert.ok(anna && boris);
    const roomId = await openRoom(anna);
    const { pool } = gateway.database;
    await pool.query(
      `INSERT INTO users (id, handle, display_name)
       SELECT 'crowd-' || n, 'crowd_' || n, 'x' FROM generate_series(1, $1::integer) AS n`,
      [ROOM_MEMBERS_MAX - 1],
    );
    await pool.query(
      `INSERT INTO room_members (room_id, user_id, role, from_version)
       SELECT $1, id, 'member', 1 FROM users WHERE id LIKE 'crowd-%'`,
      [roomId],
    );
    const join = { userId: boris.id };
    const full = await boris.request('POST', `/v1/rooms/${roomId}/members`, join);
    assertRefused(full, 409, 'room-full');

    await pool.query(
      `WITH made AS (
         INSERT INTO rooms (id, kind, name, members_version)
         SELECT 'many-' || n, 'group', 'x', 1 FROM generate_series(1, $1::integer) AS n
         RETURNING id)
       INSERT INTO room_members (room_id, user_id, role, from_version)
       SELECT id, $2, 'owner', 1 FROM made`,
      [ROOMS_PER_PERSON_MAX, boris.id],
    );
    const room = { kind: 'group', name: 'Room', memberIds: [] };
    assertRefused(await boris.request('POST', '/v1/rooms', room), 409, 'too-many-rooms');
    const invite = await anna.request('POST', '/v1/rooms', { ...room, memberIds: [boris.id] });
    assertRefused(invite, 409, 'too-many-rooms');
  });
});

describe('direct rooms', () => {
  it('are one for a pair, whoever asks and how often', async () => {
    const [anna, boris] = await people(2);
    assert.ok(anna && boris);
    const ids = await Promise.all(
      [anna, boris, anna, boris].map((person) =>
        openRoom(person, [person === anna ? boris : anna], 'direct'),
      ),
    );
    assert.equal(new Set(ids).size, 1);
    const [roomId = ''] = ids;
    assert.deepEqual(await membersOf(roomId), { [anna.id]: 'member', [boris.id]: 'member' });
    assert.equal((await toldOf(roomId)).filter((told) => told.startsWith('room.')).length, 1);
    const { body } = await boris.request('GET', '/v1/rooms');
    assert.deepEqual(
      body.rooms[0].members.map((member: { userId: string }) => member.userId).sort(),
      [anna.id, boris.id].sort(),
    );
    assert.equal(body.people.length, 2);
  });

  it('have exactly one other person', async () => {
    const [anna, boris, clara] = await people(3);
    assert.ok(anna && boris && clara);
    for (const memberIds of [[], [anna.id], [boris.id, clara.id]]) {
      const room = { kind: 'direct', name: 'Us', memberIds };
      assertRefused(await anna.request('POST', '/v1/rooms', room), 400, 'one-other-person');
    }
  });

  it('stay as they are: no invitation, no removal, no leaving, no new name', async () => {
    const [anna, boris, clara] = await people(3);
    assert.ok(anna && boris && clara);
    const roomId = await openRoom(anna, [boris], 'direct');
    for (const [method, path, body] of [
      ['POST', '/members', { userId: clara.id }],
      ['DELETE', `/members/${boris.id}`],
      ['DELETE', `/members/${anna.id}`],
      ['PUT', `/members/${boris.id}/role`, { role: 'owner' }],
      ['PATCH', '', { name: 'New' }],
      ['POST', '/archive'],
    ] as const) {
      const answer = await anna.request(method, `/v1/rooms/${roomId}${path}`, body);
      assertRefused(answer, 409, 'direct-room');
    }
    const join = { userId: clara.id };
    const joined = await clara.request('POST', `/v1/rooms/${roomId}/members`, join);
    assertRefused(joined, 404, 'room-not-found');
  });

  it('are refused between people whom a block parts', async () => {
    const [anna, boris] = await people(2);
    assert.ok(anna && boris);
    await anna.request('POST', `/v1/friends/${boris.id}/block`);
    for (const [one, other] of [
      [anna, boris],
      [boris, anna],
    ] as const) {
      const room = { kind: 'direct', name: 'Us', memberIds: [other.id] };
      assertRefused(await one.request('POST', '/v1/rooms', room), 403, 'blocked');
    }
  });
});

describe('members', () => {
  it('join a group by its id, once, and leave it', async () => {
    const [anna, boris] = await people(2);
    assert.ok(anna && boris);
    const roomId = await openRoom(anna);
    const path = `/v1/rooms/${roomId}/members`;
    for (const status of [204, 204]) {
      assert.equal((await boris.request('POST', path, { userId: boris.id })).status, status);
    }
    assert.equal((await boris.request('DELETE', `${path}/${boris.id}`)).status, 204);
    assertRefused(await boris.request('DELETE', `${path}/${boris.id}`), 404, 'room-not-found');
    assert.equal((await boris.request('POST', path, { userId: boris.id })).status, 204);
    assert.deepEqual((await toldOf(roomId)).slice(2), [
      `member.joined ${boris.id} member 2`,
      `member.left ${boris.id} 3`,
      `member.joined ${boris.id} member 4`,
    ]);
  });

  it('raise the version once each where many join at once', async () => {
    const [anna, ...others] = await people(6);
    assert.ok(anna);
    const roomId = await openRoom(anna);
    const answers = await Promise.all(
      others.map((one) => one.request('POST', `/v1/rooms/${roomId}/members`, { userId: one.id })),
    );
    assert.ok(answers.every(({ status }) => status === 204));
    const versions = (await gateway.told(roomId)).map(({ data }) => data.membersVersion);
    assert.deepEqual(versions, [1, 1, 2, 3, 4, 5, 6]);
  });

  it('join once where the same person joins and is invited at once', async () => {
    const [anna, boris] = await people(2);
    assert.ok(anna && boris);
    const roomId = await openRoom(anna);
    const path = `/v1/rooms/${roomId}/members`;
    await Promise.all(
      [boris, anna, boris, anna].map((one) => one.request('POST', path, { userId: boris.id })),
    );
    assert.equal((await toldOf(roomId)).length, 3);
  });

  it('are invited by any member, and told who invited them', async () => {
    const [anna, boris, clara] = await people(3);
    assert.ok(anna && boris && clara);
    const roomId = await openRoom(anna, [boris]);
    const path = `/v1/rooms/${roomId}/members`;
    for (const status of [204, 204]) {
      assert.equal((await boris.request('POST', path, { userId: clara.id })).status, status);
    }
    const told = (await gateway.told(roomId)).slice(3);
    assert.deepEqual(
      told.map(({ data }) => [data.userId, data.actorId, data.membersVersion]),
      [[clara.id, boris.id, 2]],
    );
    const missing = await boris.request('POST', path, { userId: 'nobody' });
    assertRefused(missing, 404, 'user-not-found');
    const dora = await gateway.person();
    await dora.request('POST', `/v1/friends/${boris.id}/block`);
    assertRefused(await boris.request('POST', path, { userId: dora.id }), 403, 'blocked');
    assert.equal((await anna.request('POST', path, { userId: dora.id })).status, 204);
  });

  it('who were taken out come back by the invitation of a moderator', async () => {
    const [anna, boris, clara] = await people(3);
    assert.ok(anna && boris && clara);
    const roomId = await openRoom(anna, [boris, clara]);
    const path = `/v1/rooms/${roomId}/members`;
    for (const status of [204, 204]) {
      assert.equal((await anna.request('DELETE', `${path}/${boris.id}`)).status, status);
    }
    assert.equal((await boris.request('GET', `/v1/rooms/${roomId}`)).status, 404);
    const join = { userId: boris.id };
    assertRefused(await boris.request('POST', path, join), 403, 'removed-from-room');
    assertRefused(await clara.request('POST', path, join), 403, 'role-required');
    assert.equal((await anna.request('POST', path, join)).status, 204);
    assert.deepEqual((await toldOf(roomId)).slice(4), [
      `member.removed ${boris.id} 2`,
      `member.joined ${boris.id} member 3`,
    ]);
  });

  it('are taken out by those above them', async () => {
    const [anna, boris, clara, dora] = await people(4);
    assert.ok(anna && boris && clara && dora);
    const roomId = await openRoom(anna, [boris, clara, dora]);
    const path = `/v1/rooms/${roomId}/members`;
    for (const moderator of [boris, clara]) {
      const role = { role: 'moderator' };
      assert.equal((await anna.request('PUT', `${path}/${moderator.id}/role`, role)).status, 204);
    }
    for (const target of [anna, clara]) {
      const answer = await boris.request('DELETE', `${path}/${target.id}`);
      assertRefused(answer, 403, 'role-required');
    }
    assertRefused(await dora.request('DELETE', `${path}/${clara.id}`), 403, 'role-required');
    assert.equal((await boris.request('DELETE', `${path}/${dora.id}`)).status, 204);
    assert.deepEqual(await membersOf(roomId), {
      [anna.id]: 'owner',
      [boris.id]: 'moderator',
      [clara.id]: 'moderator',
    });
  });

  it('end up in or out, with one version each, where invitation and removal cross', async () => {
    const [anna, boris, clara] = await people(3);
    assert.ok(anna && boris && clara);
    const roomId = await openRoom(anna, [boris, clara]);
    const path = `/v1/rooms/${roomId}/members`;
    await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        index % 2 === 0
          ? anna.request('DELETE', `${path}/${boris.id}`)
          : anna.request('POST', path, { userId: boris.id }),
      ),
    );
    const changes = (await gateway.told(roomId)).slice(4);
    assert.deepEqual(
      changes.map(({ data }) => data.membersVersion),
      changes.map((_, index) => index + 2),
    );
    const types = changes.map(({ type }) => type.replace('chat.member.', ''));
    assert.deepEqual(
      types,
      types.map((_, index) => (index % 2 === 0 ? 'removed' : 'joined')),
    );
    assert.equal(boris.id in (await membersOf(roomId)), types.length % 2 === 0);
  });

  it('get roles from those who have them; the last owner stays one', async () => {
    const [anna, boris] = await people(2);
    assert.ok(anna && boris);
    const roomId = await openRoom(anna, [boris]);
    const roleOf = (who: PersonClient) => `/v1/rooms/${roomId}/members/${who.id}/role`;
    const own = await anna.request('PUT', roleOf(anna), { role: 'member' });
    assertRefused(own, 409, 'last-owner');
    const rise = await boris.request('PUT', roleOf(boris), { role: 'moderator' });
    assertRefused(rise, 403, 'role-required');
    const path = `/v1/rooms/${roomId}/members/nobody/role`;
    const nobody = await anna.request('PUT', path, { role: 'owner' });
    assertRefused(nobody, 404, 'member-not-found');
    for (const status of [204, 204]) {
      assert.equal((await anna.request('PUT', roleOf(boris), { role: 'owner' })).status, status);
    }
    assert.equal((await anna.request('PUT', roleOf(anna), { role: 'member' })).status, 204);
    assert.deepEqual((await toldOf(roomId)).slice(3), [
      `member.role-changed ${boris.id} owner 2`,
      `member.role-changed ${anna.id} member 3`,
    ]);
  });

  it('keep an owner where both owners give the role up at once', async () => {
    const [anna, boris] = await people(2);
    assert.ok(anna && boris);
    const roomId = await openRoom(anna, [boris]);
    const roleOf = (who: PersonClient) => `/v1/rooms/${roomId}/members/${who.id}/role`;
    await anna.request('PUT', roleOf(boris), { role: 'owner' });
    const answers = await Promise.all(
      [anna, boris].map((one) => one.request('PUT', roleOf(one), { role: 'member' })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 409]);
    assert.deepEqual(Object.values(await membersOf(roomId)).sort(), ['member', 'owner']);
  });

  it('inherit: moderators before members, then who is there longest; the last closes the room', async () => {
    const [anna, boris, clara] = await people(3);
    assert.ok(anna && boris && clara);
    const roomId = await openRoom(anna, [boris]);
    const path = `/v1/rooms/${roomId}/members`;
    await clara.request('POST', path, { userId: clara.id });
    await anna.request('PUT', `${path}/${clara.id}/role`, { role: 'moderator' });
    for (const one of [anna, clara, boris]) {
      assert.equal((await one.request('DELETE', `${path}/${one.id}`)).status, 204);
    }
    assert.deepEqual((await toldOf(roomId)).slice(5), [
      `member.left ${anna.id} 4`,
      `member.role-changed ${clara.id} owner 5`,
      `member.left ${clara.id} 6`,
      `member.role-changed ${boris.id} owner 7`,
      `member.left ${boris.id} 8`,
      'room.archived 8',
    ]);
  });

  it('mute a room for themselves, which changes nobody else and no version', async () => {
    const [anna, boris] = await people(2);
    assert.ok(anna && boris);
    const roomId = await openRoom(anna, [boris]);
    const path = `/v1/rooms/${roomId}`;
    for (const method of ['PUT', 'PUT', 'DELETE', 'DELETE', 'PUT']) {
      assert.equal((await boris.request(method, `${path}/mute`)).status, 204);
    }
    assert.equal((await boris.request('GET', path)).body.room.muted, true);
    assert.equal((await anna.request('GET', path)).body.room.muted, false);
    assert.deepEqual((await toldOf(roomId)).slice(3), [
      `member.muted ${boris.id} 1`,
      `member.unmuted ${boris.id} 1`,
      `member.muted ${boris.id} 1`,
    ]);
  });

  it('can be read back as of every version that an event came with', async () => {
    const [anna, boris, clara] = await people(3);
    assert.ok(anna && boris && clara);
    const roomId = await openRoom(anna, [boris]);
    const path = `/v1/rooms/${roomId}/members`;
    await clara.request('POST', path, { userId: clara.id });
    await anna.request('DELETE', `${path}/${boris.id}`);
    await anna.request('POST', path, { userId: boris.id });
    const { rows } = await gateway.database.pool.query<{ version: number; members: string[] }>(
      `SELECT version, array_agg(user_id ORDER BY user_id) AS members
       FROM generate_series(1, 4) AS version JOIN room_members
         ON from_version <= version AND (until_version IS NULL OR until_version > version)
       WHERE room_id = $1 GROUP BY version ORDER BY version`,
      [roomId],
    );
    const sorted = (...who: PersonClient[]) => who.map(({ id }) => id).sort();
    assert.deepEqual(
      rows.map(({ members }) => members),
      [
        sorted(anna, boris),
        sorted(anna, boris, clara),
        sorted(anna, clara),
        sorted(anna, boris, clara),
      ],
    );
  });
});
