import type { RecordToAppend } from '../ports/record.ts';

/** An acknowledged event. */
export interface Published {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The event's time, RFC 3339; of a raw record, when it was taken. */
  readonly time: string;
}

/** A record that was taken and waits for its acknowledgement. */
export interface PendingRecord {
  readonly record: RecordToAppend;
  readonly eventId: string;
  readonly time: string;
  /** As counted against the limits. */
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly resolve: (published: Published) => void;
  readonly reject: (error: Error) => void;
  /** Its promise is settled; it may still be in flight. */
  settled: boolean;
}
