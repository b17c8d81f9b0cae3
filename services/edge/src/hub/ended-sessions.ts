import { LRUCache } from 'lru-cache';
import type { SessionEnd } from '../feed/effect.ts';

/** How many ended sessions and deleted accounts are remembered; the oldest are forgotten first. */
const REMEMBERED = 100_000;

/**
 * Whose streams are over for good, so that a client with a token that is still good is told to stop.
 * What an edge did not read since it started it does not know: those streams stay empty, because
 * nothing is addressed to them, until the token expires.
 */
export class EndedSessions {
  readonly #ended = new LRUCache<string, true>({ max: REMEMBERED });

  add({ userId, sessionId, reason }: SessionEnd): void {
    // A deactivated account can come back.
    if (reason === 'account-deactivated') return;
    this.#ended.set(keyOf(userId, sessionId), true);
  }

  has(userId: string, sessionId: string | undefined): boolean {
    return (
      this.#ended.has(keyOf(userId)) ||
      (sessionId !== undefined && this.#ended.has(keyOf(userId, sessionId)))
    );
  }
}

function keyOf(userId: string, sessionId = ''): string {
  return `${userId}/${sessionId}`;
}
