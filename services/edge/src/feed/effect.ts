import type { SessionEndedData } from '@sori/api';
import {
  accountDeactivated,
  accountDeleted,
  friendRemoved,
  friendRequestAccepted,
  memberLeft,
  memberRemoved,
  sessionEnded,
} from '@sori/chat-events';
import type { AnyEventDefinition } from '@sori/contract';

/** What an event means for a stream, beside being shown on it. */
export type FeedEffect = SessionEnd | RoomLeft | FriendsChanged;

export interface SessionEnd {
  readonly kind: 'session-ended';
  readonly userId: string;
  /** The one session that ended; undefined where all of the user's did. */
  readonly sessionId: string | undefined;
  readonly reason: SessionEndedData['reason'];
}

export interface RoomLeft {
  readonly kind: 'room-left';
  readonly userId: string;
  readonly roomId: string;
}

export interface FriendsChanged {
  readonly kind: 'friends-changed';
  /** The two. */
  readonly userIds: readonly string[];
}

/** What a source event means for the streams of the person it is about; undefined for most. */
export function effectOf(type: string, data: unknown): FeedEffect | undefined {
  switch (type) {
    case memberLeft.type:
    case memberRemoved.type: {
      const member = read(type === memberLeft.type ? memberLeft : memberRemoved, data);
      return member && { kind: 'room-left', userId: member.userId, roomId: member.roomId };
    }
    case friendRequestAccepted.type: {
      const request = read(friendRequestAccepted, data);
      return request && friendsChanged(request.requesterId, request.addresseeId);
    }
    case friendRemoved.type: {
      const friends = read(friendRemoved, data);
      return friends && friendsChanged(friends.userId, friends.otherUserId);
    }
    case sessionEnded.type: {
      const session = read(sessionEnded, data);
      return session && { kind: 'session-ended', reason: 'signed-out', ...session };
    }
    case accountDeactivated.type:
      return accountEnd(read(accountDeactivated, data), 'account-deactivated');
    case accountDeleted.type:
      return accountEnd(read(accountDeleted, data), 'account-deleted');
    default:
      return undefined;
  }
}

function accountEnd(
  account: { readonly userId: string } | undefined,
  reason: SessionEndedData['reason'],
): SessionEnd | undefined {
  return account && { kind: 'session-ended', userId: account.userId, sessionId: undefined, reason };
}

function friendsChanged(...userIds: readonly string[]): FriendsChanged {
  return { kind: 'friends-changed', userIds };
}

/** The data as the definition's own, undefined where it is not. */
function read<Definition extends AnyEventDefinition>(
  definition: Definition,
  data: unknown,
): Parameters<Definition>[0] | undefined {
  return definition.problems(data).length === 0 ? data : undefined;
}
