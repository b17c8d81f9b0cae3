import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGateway } from './gateway.ts';
import type { Method } from './http.ts';

function setUp(answer: unknown = undefined) {
  const asked: string[] = [];
  const send = async <Answer>(method: Method, path: string, body?: object): Promise<Answer> => {
    asked.push([method, path, ...(body === undefined ? [] : [JSON.stringify(body)])].join(' '));
    return answer as Answer;
  };
  return { gateway: createGateway(send), asked };
}

const MESSAGE = { roomId: 'r', messageId: 'm' };

test('messages', async () => {
  const { gateway, asked } = setUp({ messageId: 'm' });
  assert.equal(await gateway.send('r', 'c', 'hello'), 'm');
  await gateway.history('r', undefined);
  await gateway.history('r', 51);
  await gateway.edit(MESSAGE, 'c', 'better');
  await gateway.deleteMessage(MESSAGE, 'c');
  await gateway.deleteMessage(MESSAGE, undefined);
  await gateway.react(MESSAGE, '❤️', true);
  await gateway.react(MESSAGE, '❤️', false);
  await gateway.markRead('r', 'm');
  assert.deepEqual(asked, [
    'POST /v1/rooms/r/messages {"clientMessageId":"c","text":"hello"}',
    'GET /v1/rooms/r/messages',
    'GET /v1/rooms/r/messages?before=51',
    'PATCH /v1/rooms/r/messages/m {"clientMessageId":"c","text":"better"}',
    'DELETE /v1/rooms/r/messages/m?clientMessageId=c',
    'DELETE /v1/rooms/r/messages/m',
    'PUT /v1/rooms/r/messages/m/reactions/%E2%9D%A4%EF%B8%8F',
    'DELETE /v1/rooms/r/messages/m/reactions/%E2%9D%A4%EF%B8%8F',
    'PUT /v1/rooms/r/read {"messageId":"m"}',
  ]);
});

test('rooms', async () => {
  const { gateway, asked } = setUp();
  await gateway.rooms();
  await gateway.room('r');
  await gateway.createRoom({ kind: 'group', name: 'n', memberIds: ['u'] });
  await gateway.renameRoom('r', 'n');
  await gateway.archiveRoom('r');
  await gateway.addMember('r', 'u');
  await gateway.removeMember('r', 'u');
  await gateway.changeRole('r', 'u', 'owner');
  await gateway.mute('r', true);
  await gateway.mute('r', false);
  assert.deepEqual(asked, [
    'GET /v1/rooms',
    'GET /v1/rooms/r',
    'POST /v1/rooms {"kind":"group","name":"n","memberIds":["u"]}',
    'PATCH /v1/rooms/r {"name":"n"}',
    'POST /v1/rooms/r/archive',
    'POST /v1/rooms/r/members {"userId":"u"}',
    'DELETE /v1/rooms/r/members/u',
    'PUT /v1/rooms/r/members/u/role {"role":"owner"}',
    'PUT /v1/rooms/r/mute',
    'DELETE /v1/rooms/r/mute',
  ]);
});

test('people and sessions', async () => {
  const { gateway, asked } = setUp({ people: [], user: {} });
  await gateway.settings();
  await gateway.signIn('ada', '');
  await gateway.signIn('ada', 'Ada');
  await gateway.signOut();
  await gateway.me();
  await gateway.rename('Ada');
  await gateway.person('u');
  await gateway.searchPeople('김 a&b');
  await gateway.friends();
  await gateway.changeFriend('accept', 'u');
  assert.deepEqual(asked, [
    'GET /v1/settings',
    'POST /v1/dev/sessions {"handle":"ada"}',
    'POST /v1/dev/sessions {"handle":"ada","displayName":"Ada"}',
    'DELETE /v1/sessions/current',
    'GET /v1/me',
    'PATCH /v1/me {"displayName":"Ada"}',
    'GET /v1/users/u',
    'GET /v1/users?query=%EA%B9%80+a%26b',
    'GET /v1/friends',
    'POST /v1/friends/u/accept',
  ]);
});
