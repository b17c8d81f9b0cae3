import { feedAppended, RECIPIENTS_PER_NOTIFICATION } from '@sori/chat-events';
import { derivedEventId, type Event, type EventDraft } from '@sori/contract';
import type { PublishAttributes } from '@sori/stream';
import type { Delivery } from './audience/audience.ts';

/** One record that is to be published. */
export interface Notification {
  readonly draft: EventDraft;
  readonly attributes: PublishAttributes;
}

/**
 * Makes the notifications of an event: for each delivery as many as it takes, at most
 * `RECIPIENTS_PER_NOTIFICATION` recipients each. The same event and deliveries make the same records
 * with the same ids, so that whoever reads them twice can tell.
 */
export function notificationsOf(
  event: Event,
  deliveries: readonly Delivery[],
): readonly Notification[] {
  const parts = deliveries.flatMap(split);
  const time = utc(event.time);
  const source = { type: event.type, id: event.id, time, data: event.data as JsonObject };
  return parts.map((part, chunk) => ({
    draft: feedAppended({ ...part, source, chunk, chunks: parts.length }),
    attributes: {
      id: derivedEventId('notification', event.id, String(chunk)),
      time,
      correlationId: event.correlationId,
      causationId: event.id,
      traceparent: event.traceparent,
    },
  }));
}

/** The data of every event of the catalog is an object: its schema says so. */
type JsonObject = Record<string, unknown>;

interface Part {
  readonly target: Delivery['target'];
  readonly targetId: string;
  readonly recipients: string[];
  readonly silent: string[];
}

function split({ target, targetId, recipients, silent }: Delivery): readonly Part[] {
  const silenced = new Set(silent);
  const parts: Part[] = [];
  for (let start = 0; start < recipients.length; start += RECIPIENTS_PER_NOTIFICATION) {
    const chunk = recipients.slice(start, start + RECIPIENTS_PER_NOTIFICATION);
    const silent = chunk.filter((userId) => silenced.has(userId));
    parts.push({ target, targetId, recipients: chunk, silent });
  }
  return parts;
}

/** RFC 3339 allows any offset; notifications say times in UTC. */
function utc(time: string): string {
  return time.endsWith('Z') ? time : new Date(time).toISOString();
}
