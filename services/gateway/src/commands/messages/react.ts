import { reactionAdded, reactionRemoved } from '@sori/chat-events';
import type { MessageLog } from './message-log.ts';
import { rightsToSpeak } from './room-rights.ts';

export interface Reaction {
  readonly roomId: string;
  readonly messageId: string;
  readonly emoji: string;
  readonly present: boolean;
}

/** Puts a reaction to a message, or takes it back. Doing it twice shows nobody a difference. */
export async function react(
  { db, publisher, attributes }: MessageLog,
  userId: string,
  { roomId, messageId, emoji, present }: Reaction,
): Promise<void> {
  const { membersVersion } = await rightsToSpeak(db, roomId, userId);
  const event = present ? reactionAdded : reactionRemoved;
  const draft = event({ roomId, userId, membersVersion, messageId, emoji });
  await publisher.publish(draft, attributes);
}
