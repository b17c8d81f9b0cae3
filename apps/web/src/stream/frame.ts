import type { PersonPresence } from '@sori/api';
import type { ChatCatalog } from '@sori/chat-events';

/** What the feed carries: an event of the catalog, told to the people it concerns. */
export type FeedFrame = {
  [E in ChatCatalog['events'][number] as E['type']]: {
    readonly type: E['type'];
    /** The source event's id: the same event told twice has it twice. */
    readonly id: string;
    /** RFC 3339, UTC. */
    readonly time: string;
    readonly alert: boolean;
    readonly data: Parameters<E>[0];
  };
}[FeedType];

/** The types that a page reacts to; what else the feed may carry passes unseen. */
export type FeedType = Exclude<
  ChatCatalog['events'][number]['type'],
  `user.presence.${string}` | `notification.${string}`
>;

/** Every one of them, each once: EventSource wants to be asked for each by its name. */
export const FEED_TYPES = Object.keys({
  'user.account.registered': true,
  'user.account.deactivated': true,
  'user.account.deleted': true,
  'user.profile.updated': true,
  'user.session.started': true,
  'user.session.ended': true,
  'user.settings.updated': true,
  'friend.request.sent': true,
  'friend.request.accepted': true,
  'friend.request.rejected': true,
  'friend.request.cancelled': true,
  'friend.relation.removed': true,
  'friend.block.created': true,
  'friend.block.removed': true,
  'chat.room.created': true,
  'chat.room.updated': true,
  'chat.room.archived': true,
  'chat.member.joined': true,
  'chat.member.left': true,
  'chat.member.removed': true,
  'chat.member.role-changed': true,
  'chat.member.muted': true,
  'chat.member.unmuted': true,
  'message.chat.sent': true,
  'message.chat.edited': true,
  'message.chat.deleted': true,
  'message.reaction.added': true,
  'message.reaction.removed': true,
  'message.receipt.read': true,
} satisfies Record<FeedType, true>) as readonly FeedType[];

/** What the edge says about the stream itself. */
export type ControlFrame =
  | { readonly type: 'reset' }
  | { readonly type: 'session-ended' }
  | { readonly type: 'room-left'; readonly roomId: string };

export const CONTROL_TYPES = [
  'reset',
  'session-ended',
  'room-left',
] as const satisfies readonly ControlFrame['type'][];

/** The frame of a feed event, undefined where its data is not what the edge is to send. */
export function readFeedFrame(type: FeedType, text: string): FeedFrame | undefined {
  const body = readObject(text);
  if (typeof body?.['id'] !== 'string' || typeof body['time'] !== 'string') return undefined;
  const data = body['data'];
  if (typeof data !== 'object' || data === null) return undefined;
  // The edge sends events that were checked against the catalog when they were published.
  return {
    type,
    id: body['id'],
    time: body['time'],
    alert: body['alert'] === true,
    data,
  } as FeedFrame;
}

export function readControlFrame(
  type: ControlFrame['type'],
  text: string,
): ControlFrame | undefined {
  if (type !== 'room-left') return { type };
  const roomId = readObject(text)?.['roomId'];
  return typeof roomId === 'string' ? { type, roomId } : undefined;
}

export const PRESENCE_TYPE = 'presence';

/** Who of my friends is there: all of them, or who came and went. */
export interface PresenceFrame {
  readonly people: readonly Readonly<PersonPresence>[];
  readonly snapshot: boolean;
}

export function readPresenceFrame(text: string): PresenceFrame | undefined {
  const body = readObject(text);
  const people: unknown = body?.['people'];
  if (!Array.isArray(people) || !people.every(isPresence)) return undefined;
  return { people, snapshot: body?.['snapshot'] === true };
}

function isPresence(value: unknown): value is PersonPresence {
  if (typeof value !== 'object' || value === null) return false;
  if (!('userId' in value) || typeof value.userId !== 'string' || !('state' in value)) return false;
  return value.state === 'online' || value.state === 'away' || value.state === 'offline';
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
