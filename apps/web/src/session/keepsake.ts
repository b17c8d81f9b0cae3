import type { OutgoingMessage, Timeline } from '../state/model.ts';

/** What a reload of the page in the same tab goes on with. */
export interface SavedSession {
  readonly timelines: Readonly<Record<string, Timeline>>;
  readonly cursor: string | undefined;
}

export interface Keepsake {
  keep(userId: string, session: SavedSession): void;
  /** What was kept of this person, once. */
  recall(userId: string): SavedSession | undefined;
  forget(): void;
}

const KEY = 'sori.session';
/** The most messages of one room, rooms, and characters in all that are kept. */
const MESSAGES_KEPT = 60;
const ROOMS_KEPT = 30;
const CHARACTERS_KEPT = 1_000_000;
/** Raised when the shape of what is kept changes. */
const VERSION = 1;

export type KeyValueStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * Keeps the last messages and the place in the feed together: restored, the stream goes on right
 * after the last message that is shown. Without room for them nothing is kept.
 */
export function createKeepsake(storage: KeyValueStorage): Keepsake {
  return {
    keep(userId, { timelines, cursor }) {
      const kept = Object.entries(timelines).slice(-ROOMS_KEPT).map(shorten);
      const text = JSON.stringify({
        version: VERSION,
        userId,
        cursor,
        timelines: Object.fromEntries(kept),
      });
      storage.removeItem(KEY);
      if (text.length <= CHARACTERS_KEPT) storage.setItem(KEY, text);
    },
    recall(userId) {
      const text = storage.getItem(KEY);
      storage.removeItem(KEY);
      if (text === null) return undefined;
      const saved = JSON.parse(text) as SavedSession & { version: number; userId: string };
      return saved.version === VERSION && saved.userId === userId ? saved : undefined;
    },
    forget: () => storage.removeItem(KEY),
  };
}

function shorten([roomId, timeline]: [string, Timeline]): [string, Timeline] {
  const messages = timeline.messages.slice(-MESSAGES_KEPT);
  const trimmed = timeline.trimmed || messages.length < timeline.messages.length;
  return [roomId, { ...timeline, messages, trimmed, outgoing: timeline.outgoing.map(interrupt) }];
}

/** A reload cuts a request short: whether the message got there is known by sending it again. */
function interrupt(message: OutgoingMessage): OutgoingMessage {
  return message.state === 'sending'
    ? { ...message, state: 'failed', problem: 'interrupted' }
    : message;
}
