import { defineEvent } from '@sori/contract';
import { Type } from 'typebox';
import { Id } from '../fields.ts';
import { friendEvents as topic } from '../topics.ts';

/** Two people, in a fixed order, so that everything between them is on one partition. */
export const PAIR_ID_PATTERN = '^[A-Za-z0-9_-]{1,64}:[A-Za-z0-9_-]{1,64}$';
const PairId = Type.String({ pattern: PAIR_ID_PATTERN });

/** The key of everything between two people: `min:max` of their ids. */
export function pairId(one: string, other: string): string {
  return one < other ? `${one}:${other}` : `${other}:${one}`;
}

const Request = Type.Object({ pairId: PairId, requesterId: Id, addresseeId: Id });
const Between = Type.Object({ pairId: PairId, userId: Id, otherUserId: Id });

export const friendRequestSent = defineEvent({
  type: 'friend.request.sent',
  topic,
  key: 'pairId',
  description: 'A person asked another to be friends',
  data: Request,
});

export const friendRequestAccepted = defineEvent({
  type: 'friend.request.accepted',
  topic,
  key: 'pairId',
  description: 'The addressee said yes',
  data: Request,
});

export const friendRequestRejected = defineEvent({
  type: 'friend.request.rejected',
  topic,
  key: 'pairId',
  description: 'The addressee said no',
  data: Request,
});

export const friendRequestCancelled = defineEvent({
  type: 'friend.request.cancelled',
  topic,
  key: 'pairId',
  description: 'The requester took the request back',
  data: Request,
});

export const friendRemoved = defineEvent({
  type: 'friend.relation.removed',
  topic,
  key: 'pairId',
  description: 'A friendship ended; userId ended it',
  data: Between,
});

export const friendBlockCreated = defineEvent({
  type: 'friend.block.created',
  topic,
  key: 'pairId',
  description: 'userId blocked otherUserId',
  data: Between,
});

export const friendBlockRemoved = defineEvent({
  type: 'friend.block.removed',
  topic,
  key: 'pairId',
  description: 'userId unblocked otherUserId',
  data: Between,
});
