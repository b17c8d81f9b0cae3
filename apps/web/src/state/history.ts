import type { LastMessage, Message, MessagePage, Timeline } from './model.ts';
import * as timelines from './timeline.ts';

interface Loaded {
  readonly page: MessagePage;
  /** The number it was asked for by; undefined for the latest page. */
  readonly before: number | undefined;
  /** What the page says of reactions holds, rather than what the feed said. */
  readonly settled: boolean;
}

/**
 * Puts a page of the history where it belongs. The order of the server is the order of the room;
 * what the feed told and the history has not stored yet stays after it. Told twice, a page changes
 * nothing the second time.
 */
export function merge(
  timeline: Timeline,
  { page, before: place, settled }: Loaded,
  me: string,
): Timeline {
  // Asked for before a gap was found, or told already: it would not go on from what is here.
  if (place !== undefined && place !== timeline.older) return { ...timeline, loading: 'idle' };
  const known = new Map(timeline.messages.map((message) => [message.id, message]));
  const pageWins = settled || timeline.gapAfter !== undefined;
  const loaded = page.messages.map((message) => {
    const told = fromHistory(message);
    const before = known.get(told.id);
    return before === undefined ? told : combine(before, told, pageWins);
  });
  const { before, after, isJoined } = around(timeline, loaded, place !== undefined);
  const mine = new Set(
    loaded.filter(({ userId }) => userId === me).map(({ clientMessageId }) => clientMessageId),
  );
  const goesOn = place !== undefined || timeline.older === undefined || !isJoined;
  const merged: Timeline = {
    ...timeline,
    messages: [...before, ...loaded, ...after],
    outgoing: timeline.outgoing.filter(({ clientMessageId }) => !mine.has(clientMessageId)),
    older: goesOn ? (page.next ?? 'none') : timeline.older,
    // An older page that is on its way, or failed, still is where the latest came unasked.
    loading: settled && timeline.older !== undefined ? timeline.loading : 'idle',
    gapAfter: place === undefined ? undefined : timeline.gapAfter,
  };
  return readPositions(placeLine(merged, me), page, me);
}

/** What the list of rooms says is unread, and what came after that. */
export function recount(
  timeline: Timeline,
  counted: { readonly unread: number; readonly last: LastMessage | undefined },
  me: string,
): Timeline {
  const { messages, gapAfter } = timeline;
  const unreadFrom = (start: number) =>
    messages.slice(start).filter(({ userId, deleted }) => userId !== me && !deleted).length;
  const place = (id: string | undefined) => messages.findLastIndex((one) => one.id === id);
  const seen = Math.max(place(timeline.seenId), place(timeline.readUpTo[me]));
  const last = counted.last;
  const reached = place(last?.messageId);
  let unread: number;
  // What I saw here the gateway may not have heard of yet.
  if (seen >= 0 && gapAfter === undefined) unread = unreadFrom(seen + 1);
  else if (reached >= 0) unread = counted.unread + unreadFrom(reached + 1);
  else {
    const since = messages.findIndex(({ sentAt }) => last === undefined || sentAt > last.sentAt);
    unread = counted.unread + (since < 0 ? 0 : unreadFrom(since));
  }
  return unread === timeline.unread ? timeline : { ...timeline, unread };
}

function fromHistory(message: MessagePage['messages'][number]): Message {
  return {
    id: message.messageId,
    seq: message.seq,
    userId: message.userId,
    clientMessageId: message.clientMessageId,
    text: message.text ?? '',
    sentAt: message.sentAt,
    editedAt: message.editedAt,
    deleted: message.deleted,
    reactions: message.reactions,
  };
}

/** A deletion is for ever, the later text holds. */
function combine(known: Message, told: Message, pageWins: boolean): Message {
  if (known.deleted && !told.deleted) return { ...known, seq: told.seq };
  if (told.deleted) return told;
  const isNewer = (told.editedAt ?? '') > (known.editedAt ?? '');
  const { text, editedAt } = isNewer ? told : known;
  const { reactions } = pageWins ? told : known;
  return { ...told, text, editedAt, reactions };
}

interface Surroundings {
  readonly before: readonly Message[];
  readonly after: readonly Message[];
  /** Nothing is missing between what was there and the page. */
  readonly isJoined: boolean;
}

function around(
  { messages, gapAfter }: Timeline,
  page: readonly Message[],
  isOlderPage: boolean,
): Surroundings {
  const paged = new Set(page.map(({ id }) => id));
  const first = page[0];
  const last = page.at(-1);
  const others = (some: readonly Message[]) => some.filter(({ id }) => !paged.has(id));
  const gap = messages.findLastIndex(({ id }) => id === gapAfter) + 1;
  // Only what was there without a break up to the page may stand before it.
  const continuous = gap > 0 ? messages.slice(0, gap) : messages;
  const meet = continuous.findIndex(({ id }) => paged.has(id));
  if (meet >= 0) {
    return { before: messages.slice(0, meet), after: others(messages.slice(meet)), isJoined: true };
  }
  if (isOlderPage || first === undefined || last === undefined) {
    return { before: [], after: others(messages), isJoined: isOlderPage };
  }
  const meetSince = messages.findIndex(({ id }) => paged.has(id));
  if (meetSince >= 0) {
    const since = messages.slice(gap, meetSince);
    return { before: since, after: others(messages.slice(meetSince)), isJoined: false };
  }
  // It begins after what was there: that is told again by older pages, in one piece.
  const isOlder = ({ seq, sentAt }: Message, index: number) =>
    seq === undefined
      ? index < gap && sentAt <= last.sentAt
      : first.seq !== undefined && seq < first.seq;
  return {
    before: [],
    after: others(messages.filter((message, index) => !isOlder(message, index))),
    isJoined: false,
  };
}

/** The line before the unread, of a room that was opened before its messages were here. */
function placeLine(timeline: Timeline, me: string): Timeline {
  if (timeline.unreadAtOpening === 0) return timeline;
  const unread = timeline.messages.filter(({ userId, deleted }) => userId !== me && !deleted);
  const firstUnreadId = unread.at(-timeline.unreadAtOpening)?.id ?? timeline.firstUnreadId;
  return { ...timeline, unreadAtOpening: 0, firstUnreadId };
}

/** Positions are numbers in the history, and messages on the page. */
function readPositions(timeline: Timeline, page: MessagePage, me: string): Timeline {
  let read = timeline;
  for (const [userId, seq] of Object.entries(page.readUpTo ?? {})) {
    const reached = page.messages.findLast((message) => message.seq <= seq);
    if (reached !== undefined) read = timelines.read(read, userId, reached.messageId, me);
  }
  return read;
}
