import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { MESSAGE_TEXT_MAX_LENGTH, messageEvents } from '@sori/chat-events';
import { partitionForKey } from '@sori/contract';
import {
  type Answer,
  type PersonClient,
  startTestGateway,
  type TestGateway,
} from '../testing/test-gateway.ts';

function assertRefused({ status, body }: Answer, expected: number, code: string): void {
  assert.deepEqual([status, body.code], [expected, code]);
}

async function openRoom(
  owner: PersonClient,
  others: readonly PersonClient[] = [],
  kind: 'group' | 'direct' = 'group',
): Promise<string> {
  const memberIds = others.map(({ id }) => id);
  const { body } = await owner.request('POST', '/v1/rooms', { kind, name: 'Room', memberIds });
  return body.room.id;
}

function send(person: PersonClient, roomId: string, clientMessageId: string = randomUUID()) {
  const message = { clientMessageId, text: 'hello 안녕' };
  return person.request('POST', `/v1/rooms/${roomId}/messages`, message);
}

describe('messages', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startTestGateway();
  });
  after(() => gateway[Symbol.asyncDispose]());

  it('are in the log, under their room, when the answer comes; nothing is in the outbox', async () => {
    const anna = await gateway.person();
    const roomId = await openRoom(anna);
    const told = await gateway.told(roomId);
    const clientMessageId = randomUUID();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { status, body } = await anna.request(
      'POST',
      `/v1/rooms/${roomId}/messages`,
      { clientMessageId, text: 'hello 안녕' },
      { traceparent, 'x-request-id': 'request-7' },
    );
    assert.equal(status, 201);
    const [event, ...others] = gateway.logged(roomId);
    assert.ok(event);
    assert.deepEqual(others, []);
    assert.deepEqual(body, {
      messageId: event.id,
      roomId,
      partition: partitionForKey(Buffer.from(roomId), messageEvents.partitions),
      offset: body.offset,
      time: event.time,
    });
    assert.deepEqual(
      { ...event, time: '' },
      {
        id: body.messageId,
        type: 'message.chat.sent',
        version: 1,
        source: '/sori/gateway',
        time: '',
        subject: roomId,
        correlationId: 'request-7',
        causationId: undefined,
        traceparent,
        data: {
          roomId,
          userId: anna.id,
          membersVersion: 1,
          messageId: body.messageId,
          clientMessageId,
          text: 'hello 안녕',
        },
      },
    );
    assert.deepEqual(await gateway.told(roomId), told);
  });

  it('are the same message with the same clientMessageId, and only for the same sender', async () => {
    const [anna, boris] = [await gateway.person(), await gateway.person()];
    const roomId = await openRoom(anna, [boris]);
    const clientMessageId = randomUUID();
    const ids: string[] = [];
    for (const person of [anna, anna, boris]) {
      ids.push((await send(person, roomId, clientMessageId)).body.messageId);
    }
    assert.equal(ids[0], ids[1]);
    assert.notEqual(ids[0], ids[2]);
    assert.deepEqual(
      gateway.logged(roomId).map(({ id }) => id),
      ids,
    );
  });

  it('carry the version of the members that they were allowed under', async () => {
    const [anna, boris] = [await gateway.person(), await gateway.person()];
    const roomId = await openRoom(anna);
    await send(anna, roomId);
    await boris.request('POST', `/v1/rooms/${roomId}/members`, { userId: boris.id });
    await send(boris, roomId);
    await anna.request('DELETE', `/v1/rooms/${roomId}/members/${boris.id}`);
    assertRefused(await send(boris, roomId), 404, 'room-not-found');
    await send(anna, roomId);
    assert.deepEqual(
      gateway.logged(roomId).map(({ data }) => Object(data).membersVersion),
      [1, 2, 3],
    );
  });

  it('cross a removal on one side of it: never under the version that ends the sender', async () => {
    const [anna, boris] = [await gateway.person(), await gateway.person()];
    const roomId = await openRoom(anna, [boris]);
    await Promise.all([
      ...Array.from({ length: 10 }, () => send(boris, roomId)),
      anna.request('DELETE', `/v1/rooms/${roomId}/members/${boris.id}`),
    ]);
    for (const { data } of gateway.logged(roomId)) assert.equal(Object(data).membersVersion, 1);
    assertRefused(await send(boris, roomId), 404, 'room-not-found');
  });

  it('are refused in rooms of others, in archived ones, and between blocked people', async () => {
    const [anna, boris] = [await gateway.person(), await gateway.person()];
    const foreign = await openRoom(anna);
    assertRefused(await send(boris, foreign), 404, 'room-not-found');
    assertRefused(await send(boris, 'no-such-room'), 404, 'room-not-found');

    const archived = await openRoom(anna);
    await anna.request('POST', `/v1/rooms/${archived}/archive`);
    assertRefused(await send(anna, archived), 409, 'room-archived');

    const direct = await openRoom(anna, [boris], 'direct');
    const shared = await openRoom(anna, [boris]);
    await anna.request('POST', `/v1/friends/${boris.id}/block`);
    for (const person of [anna, boris]) {
      assertRefused(await send(person, direct), 403, 'blocked');
      assert.equal((await send(person, shared)).status, 201);
    }
    await anna.request('POST', `/v1/friends/${boris.id}/unblock`);
    assert.equal((await send(boris, direct)).status, 201);
  });

  it('are edited and taken back by who sent them, and by nobody else', async () => {
    const [anna, boris] = [await gateway.person(), await gateway.person()];
    const roomId = await openRoom(anna, [boris]);
    const clientMessageId = randomUUID();
    const { messageId } = (await send(boris, roomId, clientMessageId)).body;
    const path = `/v1/rooms/${roomId}/messages/${messageId}`;
    const edit = { clientMessageId, text: 'better' };
    assert.equal((await boris.request('PATCH', path, edit)).status, 204);
    assertRefused(await anna.request('PATCH', path, edit), 403, 'not-the-sender');
    const wrong = { ...edit, clientMessageId: randomUUID() };
    assertRefused(await boris.request('PATCH', path, wrong), 403, 'not-the-sender');
    assertRefused(await boris.request('DELETE', path), 403, 'not-the-sender');
    const own = `${path}?clientMessageId=${clientMessageId}`;
    assert.equal((await boris.request('DELETE', own)).status, 204);
    const context = { roomId, userId: boris.id, membersVersion: 1, messageId };
    assert.deepEqual(
      gateway
        .logged(roomId)
        .slice(1)
        .map(({ type, data }) => [type, data]),
      [
        ['message.chat.edited', { ...context, text: 'better' }],
        ['message.chat.deleted', context],
      ],
    );
  });

  it("are taken back by owners and moderators, whoever's they are", async () => {
    const [anna, boris, clara] = [
      await gateway.person(),
      await gateway.person(),
      await gateway.person(),
    ];
    const roomId = await openRoom(anna, [boris, clara]);
    const { messageId } = (await send(boris, roomId)).body;
    const path = `/v1/rooms/${roomId}/messages/${messageId}`;
    const guess = `${path}?clientMessageId=${randomUUID()}`;
    assertRefused(await clara.request('DELETE', guess), 403, 'not-the-sender');
    assert.equal((await anna.request('DELETE', path)).status, 204);
    assert.equal(gateway.logged(roomId).length, 2);
  });

  it('get reactions and are read', async () => {
    const anna = await gateway.person();
    const roomId = await openRoom(anna);
    const { messageId } = (await send(anna, roomId)).body;
    const reaction = `/v1/rooms/${roomId}/messages/${messageId}/reactions/${encodeURIComponent('👍🏽')}`;
    assert.equal((await anna.request('PUT', reaction)).status, 204);
    assert.equal((await anna.request('DELETE', reaction)).status, 204);
    const read = await anna.request('PUT', `/v1/rooms/${roomId}/read`, { messageId });
    assert.equal(read.status, 204);
    const context = { roomId, userId: anna.id, membersVersion: 1, messageId };
    assert.deepEqual(
      gateway
        .logged(roomId)
        .slice(1)
        .map(({ type, data }) => [type, data]),
      [
        ['message.reaction.added', { ...context, emoji: '👍🏽' }],
        ['message.reaction.removed', { ...context, emoji: '👍🏽' }],
        ['message.receipt.read', context],
      ],
    );
  });

  for (const [what, message] of [
    ['without a text', { clientMessageId: randomUUID() }],
    ['with an empty text', { clientMessageId: randomUUID(), text: '' }],
    [
      'that is too long',
      { clientMessageId: randomUUID(), text: 'x'.repeat(MESSAGE_TEXT_MAX_LENGTH + 1) },
    ],
    ['with U+0000', { clientMessageId: randomUUID(), text: 'a\u0000b' }],
    ['with a number for a text', { clientMessageId: randomUUID(), text: 7 }],
    ['without a clientMessageId', { text: 'hello' }],
    ['whose clientMessageId is no UUID', { clientMessageId: 'mine', text: 'hello' }],
    ['with a field that nobody knows', { clientMessageId: randomUUID(), text: 'hello', id: 'x' }],
    ['that is a list', []],
    ['that is null', 'null'],
  ] as const) {
    it(`are refused ${what}`, async () => {
      const anna = await gateway.person();
      const roomId = await openRoom(anna);
      const answer = await anna.request('POST', `/v1/rooms/${roomId}/messages`, message);
      assertRefused(answer, 400, 'invalid-request');
      assert.ok(answer.body.errors.length > 0);
      assert.deepEqual(gateway.logged(roomId), []);
    });
  }

  it('fit with as many characters of four bytes as a message may have', async () => {
    const anna = await gateway.person();
    const roomId = await openRoom(anna);
    const message = { clientMessageId: randomUUID(), text: '👍'.repeat(MESSAGE_TEXT_MAX_LENGTH) };
    const { status } = await anna.request('POST', `/v1/rooms/${roomId}/messages`, message);
    assert.equal(status, 201);
  });
});

describe('messages while the log fails', () => {
  const PARTITIONS = Array.from({ length: messageEvents.partitions }, (_, partition) => ({
    topic: messageEvents.name,
    partition,
  }));
  const publisherLimits = { deliveryDeadlineMs: 300, bufferedRecords: 2, laneShare: 1 };

  it('are not known to be stored without an acknowledgement; trying again is the same message', async () => {
    await using gateway = await startTestGateway({ publisherLimits });
    const anna = await gateway.person();
    const roomId = await openRoom(anna);
    const clientMessageId = randomUUID();
    const held = PARTITIONS.map((target) => gateway.log.faults.holdAppends(target));
    const { status, body, headers } = await send(anna, roomId, clientMessageId);
    assert.deepEqual([status, body.code], [503, 'outcome-unknown']);
    assert.equal(headers.get('retry-after'), '1');
    for (const hold of held) hold[Symbol.dispose]();
    const again = await send(anna, roomId, clientMessageId);
    assert.equal(again.status, 201);
    assert.equal(again.body.messageId, body.eventId);
    assert.deepEqual([...new Set(gateway.logged(roomId).map(({ id }) => id))], [body.eventId]);
  });

  it('are turned away when too many wait', async () => {
    await using gateway = await startTestGateway({ publisherLimits });
    const anna = await gateway.person();
    const roomId = await openRoom(anna);
    const held = PARTITIONS.map((target) => gateway.log.faults.holdAppends(target));
    const answers = await Promise.all(Array.from({ length: 4 }, () => send(anna, roomId)));
    for (const hold of held) hold[Symbol.dispose]();
    const codes = answers.map(({ body }) => body.code);
    assert.equal(codes.filter((code) => code === 'overloaded').length, 2);
    // Of the two that were taken, the second is on its way too or waits behind the first.
    assert.ok(codes.includes('outcome-unknown'));
    assert.ok(answers.every(({ headers }) => headers.get('retry-after') === '1'));
  });

  it('are refused for as long as no broker leads their partition', async () => {
    await using gateway = await startTestGateway({ publisherLimits });
    const anna = await gateway.person();
    const roomId = await openRoom(anna);
    const away = PARTITIONS.map((target) => gateway.log.faults.makeUnavailable(target));
    const { status, body, text } = await send(anna, roomId);
    assert.deepEqual([status, body.code], [503, 'not-stored']);
    assert.doesNotMatch(text, /at |partition|message\.events/);
    for (const outage of away) outage[Symbol.dispose]();
    assert.equal((await send(anna, roomId)).status, 201);
  });
});
