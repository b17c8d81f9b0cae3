import type { FriendStep } from '@sori/api';
import {
  friendBlockCreated,
  friendBlockRemoved,
  friendRemoved,
  friendRequestAccepted,
  friendRequestCancelled,
  friendRequestRejected,
  friendRequestSent,
  pairId,
} from '@sori/chat-events';
import type { EventDraft } from '@sori/contract';
import type { Relation } from '@sori/postgres';
import { Refused } from '../refused.ts';

/** What a step changes between two people, with the events that tell of it. */
export interface RelationChange {
  readonly friendship?:
    | 'ended'
    | { readonly requesterId: string; readonly state: 'requested' | 'friends' };
  readonly block?: 'created' | 'removed';
  readonly events: readonly EventDraft[];
}

const NOTHING: RelationChange = Object.freeze({ events: [] });

/**
 * What one person's step towards another does. A step whose end is there already does nothing; to
 * ask someone who has asked oneself is to accept. Throws Refused.
 */
export function friendStep(
  step: FriendStep,
  userId: string,
  otherUserId: string,
  relation: Relation,
): RelationChange {
  const pair = pairId(userId, otherUserId);
  const mine = { pairId: pair, requesterId: userId, addresseeId: otherUserId };
  const theirs = { pairId: pair, requesterId: otherUserId, addresseeId: userId };
  const between = { pairId: pair, userId, otherUserId };
  const { friendship, requesterId, blockerIds } = relation;
  const areFriends = friendship === 'friends';
  const incoming = friendship === 'requested' && requesterId === otherUserId;
  const outgoing = friendship === 'requested' && requesterId === userId;

  const becomeFriends = (): RelationChange => ({
    friendship: { requesterId: otherUserId, state: 'friends' },
    events: [friendRequestAccepted(theirs)],
  });

  switch (step) {
    case 'request':
      if (blockerIds.length > 0) throw new Refused('blocked');
      if (areFriends || outgoing) return NOTHING;
      if (incoming) return becomeFriends();
      return {
        friendship: { requesterId: userId, state: 'requested' },
        events: [friendRequestSent(mine)],
      };
    case 'accept':
      if (areFriends) return NOTHING;
      if (!incoming) throw new Refused('no-request');
      return becomeFriends();
    case 'reject':
      if (areFriends) throw new Refused('already-friends');
      return incoming ? { friendship: 'ended', events: [friendRequestRejected(theirs)] } : NOTHING;
    case 'cancel':
      if (areFriends) throw new Refused('already-friends');
      return outgoing ? { friendship: 'ended', events: [friendRequestCancelled(mine)] } : NOTHING;
    case 'remove':
      return areFriends ? { friendship: 'ended', events: [friendRemoved(between)] } : NOTHING;
    case 'block': {
      if (blockerIds.includes(userId)) return NOTHING;
      const ended = [
        ...(areFriends ? [friendRemoved(between)] : []),
        ...(outgoing ? [friendRequestCancelled(mine)] : []),
        ...(incoming ? [friendRequestRejected(theirs)] : []),
      ];
      return {
        ...(ended.length > 0 ? { friendship: 'ended' } : {}),
        block: 'created',
        events: [...ended, friendBlockCreated(between)],
      };
    }
    case 'unblock':
      return blockerIds.includes(userId)
        ? { block: 'removed', events: [friendBlockRemoved(between)] }
        : NOTHING;
    default:
      return step satisfies never;
  }
}
