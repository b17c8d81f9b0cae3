import { Id } from '@sori/chat-events';
import { type Static, Type } from 'typebox';
import { Person } from './person.ts';

/** What one person can do about another. */
export const FriendStep = Type.Union([
  Type.Literal('request'),
  Type.Literal('accept'),
  Type.Literal('reject'),
  Type.Literal('cancel'),
  Type.Literal('remove'),
  Type.Literal('block'),
  Type.Literal('unblock'),
]);
export type FriendStep = Static<typeof FriendStep>;

export const FriendStepPath = Type.Object(
  { userId: Id, step: FriendStep },
  { additionalProperties: false },
);

/** User ids. */
export const Friends = Type.Object(
  {
    friends: Type.Array(Id),
    /** Who asked me. */
    incoming: Type.Array(Id),
    /** Whom I asked. */
    outgoing: Type.Array(Id),
    /** Whom I blocked. */
    blocked: Type.Array(Id),
  },
  { additionalProperties: false },
);
export type Friends = Static<typeof Friends>;

/** `GET /v1/friends`, with everybody who is named in it. */
export const FriendsAndPeople = Type.Object(
  { friends: Friends, people: Type.Array(Person) },
  { additionalProperties: false },
);
export type FriendsAndPeople = Static<typeof FriendsAndPeople>;
