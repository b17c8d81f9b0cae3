import { messageDeleted } from '@sori/chat-events';
import { Refused } from '../refused.ts';
import { isModerator } from '../rooms/roles.ts';
import { messageIdOf } from './message-id.ts';
import type { MessageLog } from './message-log.ts';
import { rightsIn } from './room-rights.ts';

export interface MessageToDelete {
  readonly roomId: string;
  readonly messageId: string;
  /** The sender's; owners and moderators need none. */
  readonly clientMessageId: string | undefined;
}

/** Takes a message back: one's own, even from an archived room, or as a moderator anybody's. */
export async function deleteMessage(
  { db, publisher, attributes }: MessageLog,
  userId: string,
  { roomId, messageId, clientMessageId }: MessageToDelete,
): Promise<void> {
  const { role, membersVersion } = await rightsIn(db, roomId, userId);
  const own =
    clientMessageId !== undefined && messageIdOf({ userId, roomId, clientMessageId }) === messageId;
  if (!own && !isModerator(role)) throw new Refused('not-the-sender');
  const event = messageDeleted({ roomId, userId, membersVersion, messageId });
  await publisher.publish(event, attributes);
}
