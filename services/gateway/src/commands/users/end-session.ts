import { sessionEnded } from '@sori/chat-events';
import type { ChangeState } from '../state-change.ts';

/** Tells that a person signed out. The token itself is good until it expires. */
export function endSession(change: ChangeState, userId: string, sessionId: string): Promise<void> {
  return change(async (_db, tell) => tell(sessionEnded({ userId, sessionId })));
}
