import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schemaCheck } from '@sori/contract';
import type { TSchema } from 'typebox';
import {
  ClientMessageId,
  DevelopmentSignIn,
  FriendStepPath,
  MessageChange,
  MessageDeletion,
  MessagePath,
  NewEvent,
  NewMember,
  NewMessage,
  NewPerson,
  NewRoom,
  PeopleQuery,
  ProfileChange,
  ReactionPath,
  ReadUpTo,
  RoleChange,
  RoomChange,
  RoomMemberPath,
  RoomPath,
  UserPath,
} from './index.ts';

const REQUESTS: Readonly<Record<string, TSchema>> = {
  DevelopmentSignIn,
  FriendStepPath,
  MessageChange,
  MessageDeletion,
  MessagePath,
  NewEvent,
  NewMember,
  NewMessage,
  NewPerson,
  NewRoom,
  PeopleQuery,
  ProfileChange,
  ReactionPath,
  ReadUpTo,
  RoleChange,
  RoomChange,
  RoomMemberPath,
  RoomPath,
  UserPath,
};

test('a request with a field that its schema does not name is refused', () => {
  for (const [name, schema] of Object.entries(REQUESTS)) {
    const paths = schemaCheck(schema)({ surprise: true }).map(({ path }) => path);
    assert.ok(paths.includes('/surprise') || paths.includes(''), `${name}: ${paths.join()}`);
    assert.equal('additionalProperties' in schema && schema.additionalProperties, false, name);
  }
});

test('a client message id is a UUID in its one canonical form', () => {
  const check = schemaCheck(ClientMessageId);
  assert.deepEqual(check('6d1d4f0e-5c1b-4a58-9f3d-5b1f6b0a7c11'), []);
  for (const other of [
    '',
    'x',
    '6D1D4F0E-5C1B-4A58-9F3D-5B1F6B0A7C11',
    '6d1d4f0e5c1b4a589f3d5b1f6b0a7c11',
  ]) {
    assert.notEqual(check(other).length, 0, other);
  }
});
