import { feedAppended } from '@sori/chat-events';
import { derivedEventId, encodeEvent } from '@sori/contract';
import type { RecordToAppend } from '@sori/stream';

/** For tests only: records of the feed as a notifier writes them. */

export interface TestNotification {
  readonly recipients: readonly string[];
  /** The source event's id; a redelivery has the same. */
  readonly sourceId: string;
  readonly type?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly silent?: readonly string[];
  readonly target?: string;
  readonly time?: string;
}

export function notificationRecord(notification: TestNotification): RecordToAppend {
  const { recipients, sourceId, type = 'message.chat.sent', data = {}, silent = [] } = notification;
  const { target = 'room-1', time = '2026-01-27T00:00:00.000Z' } = notification;
  const draft = feedAppended({
    targetId: target,
    target: 'room',
    source: { type, id: sourceId, time, data },
    recipients: Array.from(recipients),
    silent: Array.from(silent),
    chunk: 0,
    chunks: 1,
  });
  const id = derivedEventId('notification', sourceId, '0');
  const { key, value, headers } = encodeEvent(draft, { id, source: '/test', time });
  return { key, value, headers };
}
