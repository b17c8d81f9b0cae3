import { Problem } from '@sori/http';

/**
 * Everything that the rules of this product refuse: the code that programs go by, its HTTP status,
 * and what a person is told.
 */
export const REFUSALS = Object.freeze({
  'account-deleted': [401, 'the account was deleted'],
  'not-registered': [401, 'there is no account for this token; register first'],
  'already-registered': [409, 'there is an account for this token already'],
  'handle-taken': [409, 'somebody else has this handle'],
  'user-required': [403, 'this is for people; the token is a service'],
  'service-required': [403, 'this is for services; the token is a person'],
  'not-an-operator': [403, 'this is for operators; the token does not say that you are one'],
  'empty-range': [400, 'nothing that is kept lies between from and to'],
  'topic-not-permitted': [403, 'the token does not name the topic of this event'],
  'user-not-found': [404, 'there is no such person'],
  oneself: [400, 'this is not for oneself'],
  blocked: [403, 'one of the two people has blocked the other'],
  'no-request': [409, 'there is no request to accept'],
  'already-friends': [409, 'the two people are friends'],
  'room-not-found': [404, 'there is no such room, or you are not in it'],
  'room-archived': [409, 'the room is archived'],
  'room-full': [409, 'the room has as many members as a room can have'],
  'too-many-rooms': [409, 'a person is in as many rooms as one can be'],
  'direct-room': [409, 'a direct room stays as it is'],
  'one-other-person': [400, 'a direct room has one other person'],
  'removed-from-room': [403, 'taken out by a moderator; a moderator must invite'],
  'role-required': [403, 'your role in the room does not allow this'],
  'member-not-found': [404, 'the person is not in the room'],
  'last-owner': [409, 'a room has an owner: give somebody else the role first'],
  'not-the-sender': [
    403,
    'the message was sent by somebody else, or under another clientMessageId',
  ],
} satisfies Record<string, readonly [status: number, detail: string]>);

export type RefusalCode = keyof typeof REFUSALS;

/** A request that is well formed and not allowed. */
export class Refused extends Problem {
  constructor(code: RefusalCode) {
    const [status, detail] = REFUSALS[code];
    super(status, code, detail);
  }
}
