import type { Queryable } from '../connection/queryable.ts';
import type { OutboxRow } from './outbox-row.ts';

export interface ReadWaitingOptions {
  readonly maxRows: number;
  /** Of values; one row is read even if it is larger. */
  readonly maxBytes: number;
  /** Lanes, as `laneOf` names them, whose rows are left out: they are being published. */
  readonly exceptLanes: readonly string[];
  /** Topics that are left out. */
  readonly exceptTopics: readonly string[];
}

// Without a name: planned with the arrays at hand, their membership tests are hashed.
const READ_WAITING = `
  SELECT id, topic, key, "eventId", value, headers
  FROM (
    SELECT id, topic, key, event_id AS "eventId", value, headers,
      sum(octet_length(value)) OVER (ORDER BY id) - octet_length(value) AS bytes_before
    FROM outbox
    WHERE NOT published AND parked_at IS NULL
      AND coalesce(topic || '/' || key, id::text) <> ALL ($3::text[])
      AND topic <> ALL ($4::text[])
    ORDER BY id
    LIMIT $1
  ) AS waiting
  WHERE bytes_before < $2
  ORDER BY id`;

interface StoredRow extends Omit<OutboxRow, 'headers'> {
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/**
 * The oldest rows that are neither published nor parked, by id. Of each lane that it touches it
 * gives the rows from the first on: what commits later has a higher id within its lane.
 */
export async function readWaiting(
  db: Queryable,
  { maxRows, maxBytes, exceptLanes, exceptTopics }: ReadWaitingOptions,
): Promise<readonly OutboxRow[]> {
  const values = [maxRows, maxBytes, exceptLanes, exceptTopics];
  const { rows } = await db.query<StoredRow>(READ_WAITING, values);
  return rows.map((row) => ({
    ...row,
    headers: row.headers.map(([key, value]) => ({ key, value: Buffer.from(value) })),
  }));
}
