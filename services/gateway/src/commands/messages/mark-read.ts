import { receiptRead } from '@sori/chat-events';
import type { MessageLog } from './message-log.ts';
import { rightsIn } from './room-rights.ts';

/** Says that a member has read a room up to a message. */
export async function markRead(
  { db, publisher, attributes }: MessageLog,
  userId: string,
  { roomId, messageId }: { readonly roomId: string; readonly messageId: string },
): Promise<void> {
  const { membersVersion } = await rightsIn(db, roomId, userId);
  const event = receiptRead({ roomId, userId, membersVersion, messageId });
  await publisher.publish(event, attributes);
}
