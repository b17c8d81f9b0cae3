import type { NewMessage, SentMessage } from '@sori/api';
import { messageSent } from '@sori/chat-events';
import { messageIdOf } from './message-id.ts';
import type { MessageLog } from './message-log.ts';
import { rightsToSpeak } from './room-rights.ts';

/**
 * Stores a message in the log; resolves when every in-sync replica has it. Trying again with the same
 * clientMessageId stores the same event again, which readers drop. Rejects as Publisher does.
 */
export async function sendMessage(
  { db, publisher, attributes }: MessageLog,
  userId: string,
  roomId: string,
  { clientMessageId, text }: NewMessage,
): Promise<SentMessage> {
  const { membersVersion } = await rightsToSpeak(db, roomId, userId);
  const messageId = messageIdOf({ userId, roomId, clientMessageId });
  const event = messageSent({ roomId, userId, membersVersion, messageId, clientMessageId, text });
  const published = await publisher.publish(event, { ...attributes, id: messageId });
  const { partition, offset, time } = published;
  return { messageId, roomId, partition, offset, time };
}
