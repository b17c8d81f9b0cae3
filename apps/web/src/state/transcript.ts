import type { Message, OutgoingMessage, Timeline } from './model.ts';

/** Messages of one person belong together while no more than this lies between two of them. */
const TOGETHER_MS = 5 * 60_000;

export interface Entry {
  /** The same before and after a message has come back through the log. */
  readonly key: string;
  readonly said:
    | { readonly kind: 'message'; readonly message: Message }
    | { readonly kind: 'outgoing'; readonly outgoing: OutgoingMessage };
  readonly at: string;
  /** Who has read down to here and no further; not me, and not who said it. */
  readonly readers: readonly string[];
}

export type Block =
  | { readonly kind: 'day'; readonly key: string; readonly at: string }
  | { readonly kind: 'unread'; readonly key: string }
  | {
      readonly kind: 'turn';
      readonly key: string;
      readonly userId: string;
      readonly entries: readonly Entry[];
    };

/**
 * How a timeline reads: a line for every day, a line where the unread begins, and what one person
 * said in a row together. `dayOf` names the calendar day of a time where the reader is.
 */
export function transcribe(
  timeline: Timeline,
  me: string,
  dayOf: (at: string) => string,
): readonly Block[] {
  const blocks: Block[] = [];
  const readers = readersByMessage(timeline, me);
  let day: string | undefined;
  let turn: { userId: string; entries: Entry[]; lastAt: string } | undefined;

  function say(userId: string, entry: Entry, isFirstUnread: boolean): void {
    const entryDay = dayOf(entry.at);
    if (entryDay !== day) {
      blocks.push({ kind: 'day', key: `day ${entryDay}`, at: entry.at });
      day = entryDay;
      turn = undefined;
    }
    if (isFirstUnread) {
      blocks.push({ kind: 'unread', key: 'unread' });
      turn = undefined;
    }
    const pause = turn === undefined ? 0 : Date.parse(entry.at) - Date.parse(turn.lastAt);
    if (turn?.userId !== userId || pause > TOGETHER_MS) {
      turn = { userId, entries: [], lastAt: entry.at };
      blocks.push({ kind: 'turn', key: entry.key, userId, entries: turn.entries });
    }
    turn.entries.push(entry);
    turn.lastAt = entry.at;
  }

  for (const message of timeline.messages) {
    const { userId, sentAt: at } = message;
    const key = `${userId} ${message.clientMessageId}`;
    const entry = { key, said: { kind: 'message', message }, at } as const;
    const who = (readers.get(message.id) ?? []).filter((reader) => reader !== userId);
    say(userId, { ...entry, readers: who }, message.id === timeline.firstUnreadId);
  }
  for (const outgoing of timeline.outgoing) {
    const key = `${me} ${outgoing.clientMessageId}`;
    const said = { kind: 'outgoing', outgoing } as const;
    say(me, { key, said, at: outgoing.createdAt, readers: [] }, false);
  }
  return blocks;
}

function readersByMessage(timeline: Timeline, me: string): Map<string, string[]> {
  const readers = new Map<string, string[]>();
  for (const [userId, messageId] of Object.entries(timeline.readUpTo)) {
    if (userId === me) continue;
    const others = readers.get(messageId);
    if (others === undefined) readers.set(messageId, [userId]);
    else others.push(userId);
  }
  return readers;
}
