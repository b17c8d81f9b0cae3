import { decodeFrame, type FeedFrame } from '../feed/feed-frame.ts';
import { notificationRecord, type TestNotification } from './notifications.ts';
import { TEST_TOPIC } from './test-edge.ts';

/** For tests only: a frame of the feed, as if it had been read from the log. */
export function testFrame(
  partition: number,
  offset: number,
  notification: Partial<TestNotification> = {},
  timestamp = 0,
): FeedFrame {
  const sourceId = `event-${partition}-${offset}`;
  const record = notificationRecord({ recipients: ['ann'], sourceId, ...notification });
  return decodeFrame({ ...record, topic: TEST_TOPIC, partition, offset, timestamp }).frame;
}
