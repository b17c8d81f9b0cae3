import type { Message, OutgoingMessage, Timeline } from './model.ts';

/** The most messages of one room that the page keeps. */
export const MESSAGES_PER_ROOM = 500;

/** Adds a message where the log has it: after all that came before. A copy changes nothing. */
export function append(
  timeline: Timeline,
  message: Message,
  arrival: { readonly mine: boolean; readonly watched: boolean },
): Timeline {
  if (timeline.messages.some(({ id }) => id === message.id)) return timeline;
  const messages = [...timeline.messages, message];
  const excess = messages.length - MESSAGES_PER_ROOM;
  const unseen = !arrival.mine && !arrival.watched;
  return {
    ...timeline,
    messages: excess > 0 ? messages.slice(excess) : messages,
    trimmed: timeline.trimmed || excess > 0,
    outgoing: arrival.mine
      ? timeline.outgoing.filter((sent) => sent.clientMessageId !== message.clientMessageId)
      : timeline.outgoing,
    unread: unseen ? timeline.unread + 1 : timeline.unread,
    firstUnreadId: unseen && timeline.unread === 0 ? message.id : timeline.firstUnreadId,
  };
}

export function edit(timeline: Timeline, messageId: string, text: string): Timeline {
  return change(timeline, messageId, (message) =>
    message.deleted ? message : { ...message, text, edited: true },
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
    const before = message.reactions[emoji] ?? [];
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
  if (timeline.unread === 0) return timeline;
  return { ...timeline, unread: 0 };
}

/** The room was taken off the screen: the line goes. */
export function closed(timeline: Timeline): Timeline {
  if (timeline.firstUnreadId === undefined || timeline.unread > 0) return timeline;
  return { ...timeline, firstUnreadId: undefined };
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
        userId: me,
        clientMessageId: sent.clientMessageId,
        text: sent.text,
        sentAt: sent.createdAt,
        edited: false,
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
