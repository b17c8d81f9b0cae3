import type { OutgoingMessage, Timeline } from '../state/model.ts';

/** Of each room, the messages of mine that the log is not known to have. */
export type Unsent = Readonly<Record<string, readonly OutgoingMessage[]>>;

/** What only this page has: all else is asked of the gateway again after a reload. */
export interface Keepsake {
  keep(userId: string, timelines: Readonly<Record<string, Timeline>>): void;
  /** What was kept of this person, once. */
  recall(userId: string): Unsent | undefined;
  forget(): void;
}

const KEY = 'sori.session';
/** The most characters that are kept; with more of them nothing is. */
const CHARACTERS_KEPT = 1_000_000;
/** Raised when the shape of what is kept changes. */
const VERSION = 2;

export type KeyValueStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Keeps, over a reload in the same tab, what was not sent yet. */
export function createKeepsake(storage: KeyValueStorage): Keepsake {
  return {
    keep(userId, timelines) {
      const unsent = Object.entries(timelines).flatMap(([roomId, { outgoing }]) =>
        outgoing.length === 0 ? [] : [[roomId, outgoing.map(interrupt)] as const],
      );
      storage.removeItem(KEY);
      if (unsent.length === 0) return;
      const text = JSON.stringify({
        version: VERSION,
        userId,
        unsent: Object.fromEntries(unsent),
      });
      if (text.length <= CHARACTERS_KEPT) storage.setItem(KEY, text);
    },
    recall(userId) {
      const text = storage.getItem(KEY);
      storage.removeItem(KEY);
      if (text === null) return undefined;
      const saved = JSON.parse(text) as { version: number; userId: string; unsent: Unsent };
      return saved.version === VERSION && saved.userId === userId ? saved.unsent : undefined;
    },
    forget: () => storage.removeItem(KEY),
  };
}

/** A reload cuts a request short: whether the message got there is known by sending it again. */
function interrupt(message: OutgoingMessage): OutgoingMessage {
  return message.state === 'sending'
    ? { ...message, state: 'failed', problem: 'interrupted' }
    : message;
}
