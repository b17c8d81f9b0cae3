import type { RecordHeader } from '@sori/contract';

/** An event that waits in the outbox, as the record it will be. */
export interface OutboxRow {
  /** A bigint as text. */
  readonly id: string;
  readonly topic: string;
  readonly key: string | null;
  readonly eventId: string;
  readonly value: Buffer;
  readonly headers: readonly RecordHeader[];
}

/**
 * Rows of one lane are published one after another; lanes know nothing of each other. A key's lane
 * is `topic/key`, and a row without a key is a lane of its own.
 */
export function laneOf(row: Pick<OutboxRow, 'id' | 'topic' | 'key'>): string {
  return row.key === null ? row.id : `${row.topic}/${row.key}`;
}
