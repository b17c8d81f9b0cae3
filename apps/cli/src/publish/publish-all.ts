import { type AnyEventDefinition, MEBIBYTE } from '@sori/contract';
import type { PublishAttributes, Published, Publisher } from '@sori/stream';
import { makeDraft } from './make-draft.ts';
import type { InputValue } from './read-data.ts';

/** What waits for its acknowledgement at a time: far below the publisher's own limits. */
const IN_FLIGHT_EVENTS = 1_000;
const IN_FLIGHT_BYTES = 4 * MEBIBYTE;

export interface PublishAllOptions {
  readonly publisher: Publisher;
  readonly definition: AnyEventDefinition;
  readonly attributes: PublishAttributes;
  /** Told of each event, in the order of the input, when it is acknowledged. */
  readonly onPublished: (published: Published) => void;
  readonly signal: AbortSignal;
}

/**
 * Publishes the values in order. The first that is no event ends it with its error, after everything
 * before it was acknowledged; so does the first that the log refuses.
 */
export async function publishAll(
  values: AsyncIterable<InputValue>,
  options: PublishAllOptions,
): Promise<void> {
  const { publisher, definition, attributes, onPublished, signal } = options;
  const inFlight: { readonly publishing: Promise<Published>; readonly bytes: number }[] = [];
  let inFlightBytes = 0;
  const settleFirst = async (): Promise<void> => {
    const first = inFlight.shift();
    if (first === undefined) return;
    inFlightBytes -= first.bytes;
    onPublished(await first.publishing);
  };
  try {
    for await (const value of values) {
      signal.throwIfAborted();
      const bytes = Buffer.byteLength(JSON.stringify(value.value));
      const draft = makeDraft(definition, value);
      while (inFlight.length > 0 && isFull(inFlight.length, inFlightBytes + bytes)) {
        await settleFirst();
      }
      const publishing = publisher.publish(draft, attributes);
      // Awaited in turn below; until then a rejection has nobody who listens.
      publishing.catch(() => {});
      inFlight.push({ publishing, bytes });
      inFlightBytes += bytes;
    }
  } finally {
    while (inFlight.length > 0) await settleFirst();
  }
}

function isFull(events: number, bytes: number): boolean {
  return events >= IN_FLIGHT_EVENTS || bytes > IN_FLIGHT_BYTES;
}
