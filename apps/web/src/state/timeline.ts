import type { Message, OutgoingMessage, Timeline } from './model.ts';

/** The most messages that the page keeps of a room that is not on the screen. */
export const MESSAGES_PER_ROOM = 500;

/** Adds a message where the log has it: after all that came before. A copy changes nothing. */
export function append(
  timeline: Timeline,
  message: Message,
  arrival: {
    readonly mine: boolean;
    readonly watched: boolean;
    /** The gateway's count of the unread has it already. */
    readonly counted?: boolean;
  },
): Timeline {
  if (timeline.messages.some(({ id }) => id === message.id)) return timeline;
  const unseen = !arrival.mine && !arrival.watched;
  const counts = unseen && arrival.counted !== true;
  const appended = {
    ...timeline,
    messages: [...timeline.messages, message],
    outgoing: arrival.mine
      ? timeline.outgoing.filter((sent) => sent.clientMessageId !== message.clientMessageId)
      : timeline.outgoing,
    unread: counts ? timeline.unread + 1 : timeline.unread,
    firstUnreadId: counts && timeline.unread === 0 ? message.id : timeline.firstUnreadId,
  };
  return arrival.watched ? appended : trim(appended);
}

/** Lets the oldest go of a room that is not on the screen: its history has them. */
function trim(timeline: Timeline): Timeline {
  const excess = timeline.messages.length - MESSAGES_PER_ROOM;
  if (excess <= 0) return timeline;
  return { ...timeline, messages: timeline.messages.slice(excess), older: undefined };
}

export function edit(
  timeline: Timeline,
  messageId: string,
  { text, at }: { readonly text: string; readonly at: string },
): Timeline {
  return change(timeline, messageId, (message) =>
    message.deleted ? message : { ...message, text, editedAt: at },
  );
}

export function markDeleted(timeline: Timeline, messageId: string): Timeline {
  return change(timeline, messageId, (message) => ({
    ...message,
    text: '',
    deleted: true,
    reactions: {},
  }));
}

export interface Reaction {
  readonly messageId: string;
  readonly userId: string;
  readonly emoji: string;
}

/** Adding what is there, or removing what is not, changes nothing. */
export function react(timeline: Timeline, reaction: Reaction, present: boolean): Timeline {
  const { messageId, userId, emoji } = reaction;
  return change(timeline, messageId, (message) => {
    // Names come from others: one like `constructor` is on every object.
    const before = Object.hasOwn(message.reactions, emoji) ? (message.reactions[emoji] ?? []) : [];
    if (message.deleted || before.includes(userId) === present) return message;
    const { [emoji]: _, ...others } = message.reactions;
    const after = present ? [...before, userId] : before.filter((id) => id !== userId);
    if (after.length === 0) return { ...message, reactions: others };
    return { ...message, reactions: { ...message.reactions, [emoji]: after } };
  });
}

/** A member has read up to a message; where it is me, from any device, that leaves less unread. */
export function read(timeline: Timeline, userId: string, messageId: string, me: string): Timeline {
  const before = timeline.readUpTo[userId];
  if (before === messageId) return timeline;
  const position = indexOf(timeline, messageId);
  if (before !== undefined && position < indexOf(timeline, before)) return timeline;
  const readUpTo = { ...timeline.readUpTo, [userId]: messageId };
  if (userId !== me || position < 0) return { ...timeline, readUpTo };
  const after = timeline.messages.slice(position + 1).filter((message) => message.userId !== me);
  const unread = Math.min(timeline.unread, after.length);
  const readElsewhere = timeline.unread > 0 && unread === 0;
  const firstUnreadId = readElsewhere ? undefined : timeline.firstUnreadId;
  return { ...timeline, readUpTo, unread, firstUnreadId };
}

/** The room was put on the screen: all is read, and a line stays where it began. */
export function opened(timeline: Timeline): Timeline {
  const { unread } = timeline;
  if (unread === 0) return timeline;
  // Without its history nobody knows yet where it begins: that places the line.
  return { ...timeline, unread: 0, unreadAtOpening: timeline.older === undefined ? unread : 0 };
}

/** The room was taken off the screen: the line goes. */
export function closed(timeline: Timeline): Timeline {
  const seenId = timeline.messages.at(-1)?.id ?? timeline.seenId;
  return trim({ ...timeline, firstUnreadId: undefined, unreadAtOpening: 0, seenId });
}

/** Something may be missing after what is here: the latest page is wanted again. */
export function interrupted(timeline: Timeline): Timeline {
  const { gapAfter: before } = timeline;
  // Of two breaks, what is before the first would be too much to keep apart.
  const messages = timeline.messages.slice(
    before === undefined ? 0 : indexOf(timeline, before) + 1,
  );
  if (messages.length === 0)
    return { ...timeline, older: undefined, gapAfter: timeline.messages.at(-1)?.id };
  return { ...timeline, messages, older: undefined, gapAfter: messages.at(-1)?.id };
}

export function changeOutgoing(
  timeline: Timeline,
  clientMessageId: string,
  changes: Partial<OutgoingMessage>,
): Timeline {
  const index = timeline.outgoing.findIndex((sent) => sent.clientMessageId === clientMessageId);
  const before = timeline.outgoing[index];
  if (before === undefined) return timeline;
  return { ...timeline, outgoing: timeline.outgoing.with(index, { ...before, ...changes }) };
}

/**
 * After a gap the frames of my acknowledged messages may never come: they take their place now,
 * in the order they were sent.
 */
export function settleSent(timeline: Timeline, me: string): Timeline {
  let settled = timeline;
  for (const { state, messageId, ...sent } of timeline.outgoing) {
    if (state !== 'sent' || messageId === undefined) continue;
    settled = append(
      settled,
      {
        id: messageId,
        seq: undefined,
        userId: me,
        clientMessageId: sent.clientMessageId,
        text: sent.text,
        sentAt: sent.createdAt,
        editedAt: undefined,
        deleted: false,
        reactions: {},
      },
      { mine: true, watched: true },
    );
  }
  return settled;
}

function change(
  timeline: Timeline,
  messageId: string,
  update: (message: Message) => Message,
): Timeline {
  const index = indexOf(timeline, messageId);
  const before = timeline.messages[index];
  if (before === undefined) return timeline;
  const after = update(before);
  if (after === before) return timeline;
  return { ...timeline, messages: timeline.messages.with(index, after) };
}

/** From the end, where nearly every change happens; -1 where the page has it not. */
function indexOf(timeline: Timeline, messageId: string): number {
  return timeline.messages.findLastIndex(({ id }) => id === messageId);
}
