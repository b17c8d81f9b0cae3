import { derivedEventId } from '@sori/contract';

/** Who sends a message, where, and under which id of their own. */
export interface MessageOrigin {
  readonly userId: string;
  readonly roomId: string;
  /** A UUID. */
  readonly clientMessageId: string;
}

/**
 * The id of a message, and of the event that tells of it. Sent again, it is the same. Nobody else can
 * arrive at it, so whoever knows its clientMessageId proves to be its sender without a look at the log.
 */
export function messageIdOf({ userId, roomId, clientMessageId }: MessageOrigin): string {
  return derivedEventId('message', userId, roomId, clientMessageId);
}
