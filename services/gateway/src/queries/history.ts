import {
  type HistoryMessage as ApiMessage,
  HISTORY_PAGE_LIMIT,
  type LastMessage,
  type MessagePage,
  READ_POSITIONS_MAX,
} from '@sori/api';
import {
  findMembership,
  findPeople,
  type HistoryMessage,
  listHistory,
  listReadPositions,
  type Queryable,
  type RoomActivity,
} from '@sori/postgres';
import { Refused } from '../commands/refused.ts';

export interface PageRequest {
  readonly roomId: string;
  readonly before?: number | undefined;
  readonly limit?: number | undefined;
}

/** A page of a room's history for one of its members; throws Refused for anybody else. */
export async function messagePage(
  db: Queryable,
  userId: string,
  { roomId, before, limit = HISTORY_PAGE_LIMIT }: PageRequest,
): Promise<MessagePage> {
  const membership = await findMembership(db, roomId, userId);
  if (membership?.current !== true) throw new Refused('room-not-found');
  // One more than is shown: whether it is there says whether there is another page.
  const [found, reads] = await Promise.all([
    listHistory(db, { roomId, userId, before, limit: limit + 1 }),
    before === undefined
      ? listReadPositions(db, roomId, { first: userId, limit: READ_POSITIONS_MAX })
      : undefined,
  ]);
  const shown = found.slice(-limit);
  const [oldest] = shown;
  const people = await findPeople(db, namedIn(shown));
  return {
    messages: shown.map(messageOf),
    people: [...people],
    ...(oldest === undefined || found.length <= limit ? {} : { next: oldest.seq }),
    ...(reads === undefined ? {} : { readUpTo: positionsOf(reads) }),
  };
}

export function lastMessageOf(activity: RoomActivity): LastMessage {
  const { messageId, seq, userId, text, sentAt } = activity;
  return { messageId, seq, userId, text, sentAt: sentAt.toISOString() };
}

function messageOf(message: HistoryMessage): ApiMessage {
  const { messageId, seq, userId, clientMessageId, text, sentAt, editedAt, deletedAt } = message;
  return {
    ...{ messageId, seq, userId, clientMessageId, text },
    sentAt: sentAt.toISOString(),
    ...(editedAt === null ? {} : { editedAt: editedAt.toISOString() }),
    deleted: deletedAt !== null,
    reactions: Object.fromEntries(
      Object.entries(message.reactions).map(([emoji, userIds]) => [emoji, [...userIds]]),
    ),
  };
}

function namedIn(messages: readonly HistoryMessage[]): readonly string[] {
  const ids = messages.flatMap(({ userId, reactions }) => [
    userId,
    ...Object.values(reactions).flat(),
  ]);
  return [...new Set(ids)];
}

function positionsOf(
  reads: readonly { readonly userId: string; readonly seq: number }[],
): Record<string, number> {
  return Object.fromEntries(reads.map(({ userId, seq }) => [userId, seq]));
}
