import { type EncodedEvent, type EventDraft, encodeEvent, newEventId } from '@sori/contract';
import { RecordTooLarge } from '@sori/stream';
import type { Queryable, Statement } from '../connection/queryable.ts';
import { OUTBOX_KEY_LOCKS } from '../locks.ts';

export interface OutboxAttributes {
  /** URI reference of the program, as `/sori/gateway`. */
  readonly source: string;
  /** When it happened, RFC 3339 UTC; now unless given. */
  readonly time?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly causationId?: string | undefined;
  /** W3C trace context. */
  readonly traceparent?: string | undefined;
}

/** Room for a record's frame and its batch's, in bytes; the headers of an envelope are about 400. */
const RECORD_OVERHEAD_BYTES = 1_024;

// Sorted, so that two transactions that need the same locks do not wait for each other.
const LOCK_KEYS: Statement = {
  name: 'outbox-lock-keys',
  text: `
    SELECT pg_advisory_xact_lock($1, hash)
    FROM (SELECT DISTINCT hashtext(lane) AS hash FROM unnest($2::text[]) AS lane ORDER BY hash)`,
};

const INSERT: Statement = {
  name: 'outbox-insert',
  text: `
    INSERT INTO outbox (topic, key, event_id, value, headers)
    SELECT topic, key, event_id, value, headers
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::jsonb[])
      WITH ORDINALITY AS row (topic, key, event_id, value, headers, place)
    ORDER BY place`,
};

/**
 * Adds events to the outbox, inside the caller's transaction: they are published if and only if it
 * commits, events of one key in the order of their transactions. Returns their ids.
 *
 * Call it once, last in the transaction: from here to the commit every other transaction with an
 * event of the same key waits. The wait is a transaction-level advisory lock on the key, taken
 * before the row's id is; so a key's ids are in commit order, which a sequence alone does not give.
 *
 * Throws RecordTooLarge for an event that its topic would refuse: better that the change of state
 * fails now than that nobody ever hears of it.
 */
export async function appendToOutbox(
  transaction: Queryable,
  drafts: readonly EventDraft[],
  attributes: OutboxAttributes,
): Promise<readonly string[]> {
  if (drafts.length === 0) return [];
  const time = attributes.time ?? new Date().toISOString();
  const events = drafts.map((draft) => {
    const event = encodeEvent(draft, { ...attributes, id: newEventId(), time });
    assertFits(event, draft.definition.topic.maxMessageBytes);
    return event;
  });
  const lanes = events.filter(({ key }) => key !== null).map(({ topic, key }) => `${topic}/${key}`);
  if (lanes.length > 0) await transaction.query(LOCK_KEYS, [OUTBOX_KEY_LOCKS, lanes]);
  await transaction.query(INSERT, [
    events.map(({ topic }) => topic),
    events.map(({ key }) => key?.toString() ?? null),
    events.map(({ id }) => id),
    events.map(({ value }) => value),
    events.map(({ headers }) => JSON.stringify(headers.map(({ key, value }) => [key, `${value}`]))),
  ]);
  return events.map(({ id }) => id);
}

function assertFits(event: EncodedEvent, maxMessageBytes: number): void {
  const bytes = event.value.length + (event.key?.length ?? 0) + RECORD_OVERHEAD_BYTES;
  if (bytes > maxMessageBytes) throw new RecordTooLarge(event.topic, bytes, maxMessageBytes);
}
