import { deadLetterTopicName } from '@sori/contract';
import { describeError, encodeDeadLetterHeaders } from '../dead-letter/headers.ts';
import type { Clock } from '../ports/clock.ts';
import type { LogRecord } from '../ports/record.ts';
import type { RecordAppender } from './options.ts';
import type { PendingRecord } from './pending-record.ts';

/** Writes given-up records of one group to their dead-letter topics. */
export class DeadLetters {
  readonly #given: {
    readonly group: string;
    readonly publisher: RecordAppender;
    readonly clock: Clock;
  };

  constructor(given: {
    readonly group: string;
    readonly publisher: RecordAppender;
    readonly clock: Clock;
  }) {
    this.#given = given;
  }

  /**
   * Resolves with the reason's code when the broker has acknowledged the dead letter; rejects with
   * what the publisher says. Done again after an unknown outcome, the topic holds the letter twice,
   * with the same original offset.
   */
  async append(pending: PendingRecord, error: unknown): Promise<string> {
    const { group, publisher, clock } = this.#given;
    const { record, attempts } = pending;
    const headers = encodeDeadLetterHeaders(record, {
      group,
      error,
      attempts,
      at: new Date(clock.now()),
    });
    await publisher.append(
      { topic: deadLetterTopicName(record.topic) },
      { key: record.key, value: record.value, headers },
      eventIdOf(record),
    );
    return describeError(error).code;
  }
}

/** What names the record in errors: its event id, or its place where it has none. */
function eventIdOf(record: LogRecord): string {
  const id = record.headers.findLast(({ key }) => key === 'ce_id')?.value.toString('utf8');
  return id || `${record.topic}/${record.partition}/${record.offset}`;
}
