import type { NewMessage } from '@sori/api';
import { messageEdited } from '@sori/chat-events';
import { Refused } from '../refused.ts';
import { messageIdOf } from './message-id.ts';
import type { MessageLog } from './message-log.ts';
import { rightsToSpeak } from './room-rights.ts';

/** Changes the text of the person's own message. */
export async function editMessage(
  { db, publisher, attributes }: MessageLog,
  userId: string,
  { roomId, messageId }: { readonly roomId: string; readonly messageId: string },
  { clientMessageId, text }: NewMessage,
): Promise<void> {
  const { membersVersion } = await rightsToSpeak(db, roomId, userId);
  if (messageIdOf({ userId, roomId, clientMessageId }) !== messageId) {
    throw new Refused('not-the-sender');
  }
  const event = messageEdited({ roomId, userId, membersVersion, messageId, text });
  await publisher.publish(event, attributes);
}
