import { catalog, feedAppended, messageSent } from '@sori/chat-events';
import { decodeEvent, UndecodableRecord } from '@sori/contract';
import type { LogReader, LogRecord } from '@sori/stream';
import type { Static } from 'typebox';
import type { DeliveryRecord } from './delivery-record.ts';

/** Reads notification.events from its end and records when each message of the room was notified. */
export async function watchNotifications(
  reader: LogReader,
  roomId: string,
  record: DeliveryRecord,
): Promise<AsyncDisposable> {
  const topic = feedAppended.topic.name;
  const ends = await reader.listOffsets([topic], 'latest');
  const subscription = reader.open({
    sink: {
      records: (batch) => {
        const now = performance.now();
        for (const read of batch.records) {
          const source = sourceOf(read);
          if (source?.type !== messageSent.type || source.data.roomId !== roomId) continue;
          record.arrived(String(source.data.messageId), now);
        }
      },
      // An outage shows in the times, and what stays away in the counts.
      outOfRange: () => {},
      failing: () => {},
      recovered: () => {},
    },
  });
  for (const end of ends) subscription.assign(end);
  return subscription;
}

/** The event that a notification tells of; undefined for a record that is no notification. */
function sourceOf(record: LogRecord): Static<typeof feedAppended.schema>['source'] | undefined {
  try {
    const { type, data } = decodeEvent(record, catalog.findEvent);
    if (type !== feedAppended.type) return undefined;
    return (data as Static<typeof feedAppended.schema>).source;
  } catch (error) {
    if (error instanceof UndecodableRecord) return undefined;
    throw error;
  }
}
