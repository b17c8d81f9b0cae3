import { catalog } from '@sori/chat-events';
import { decodeEvent, type Event, type RecordHeader, UndecodableRecord } from '@sori/contract';
import { type DeadLetterReason, decodeDeadLetterHeaders, type LogRecord } from '@sori/stream';
import colors from 'picocolors';

/** A record as `sori tail --json` prints it, one a line. */
export interface DescribedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Of the record, RFC 3339. */
  readonly timestamp: string;
  readonly key: string | null;
  /** What its headers say, whether it is an event of the catalog or not. */
  readonly type: string | null;
  readonly id: string | null;
  /** The event's own, RFC 3339. */
  readonly time: string | null;
  /** The event's data. Left out of a record that is none. */
  readonly data?: unknown;
  /** Why it is no event of the catalog, and its value as text. */
  readonly problem?: string;
  readonly value?: string | null;
  /** Why it was dead-lettered, on a dead-letter topic. */
  readonly deadLetter?: Omit<DeadLetterReason, 'stacktrace'>;
  /** Where asked for. A value that is no text is in base64. */
  readonly headers?: readonly HeaderText[];
}

type HeaderText = { readonly key: string } & (
  | { readonly value: string }
  | { readonly base64: string }
);

export function describeRecord(
  record: LogRecord,
  options: { readonly withHeaders: boolean },
): DescribedRecord {
  const { topic, partition, offset, timestamp, key, headers } = record;
  const header = (name: string): string | null =>
    headers.findLast((found) => found.key === name)?.value.toString('utf8') ?? null;
  const { stacktrace: _stacktrace, ...reason } = decodeDeadLetterHeaders(headers) ?? {};
  return {
    topic,
    partition,
    offset,
    timestamp: new Date(timestamp).toISOString(),
    key: key?.toString('utf8') ?? null,
    type: header('ce_type'),
    id: header('ce_id'),
    time: header('ce_time'),
    ...contentOf(record),
    ...('code' in reason ? { deadLetter: reason } : {}),
    ...(options.withHeaders ? { headers: headers.map(headerText) } : {}),
  };
}

function contentOf(record: LogRecord): Pick<DescribedRecord, 'data' | 'problem' | 'value'> {
  try {
    const event: Event = decodeEvent(record, catalog.findEvent);
    return { data: event.data };
  } catch (error) {
    if (!(error instanceof UndecodableRecord)) throw error;
    return { problem: error.message, value: record.value?.toString('utf8') ?? null };
  }
}

function headerText({ key, value }: RecordHeader): HeaderText {
  const text = value.toString('utf8');
  // Bytes that are no UTF-8, or control characters: numbers, most often.
  const isText = Buffer.from(text).equals(value) && !/\p{Cc}/u.test(text.replaceAll(/\s/g, ''));
  return isText ? { key, value: text } : { key, base64: value.toString('base64') };
}

/** A record as a line for people; further lines for why it is not well, and for headers. */
export function recordLines(record: DescribedRecord): readonly string[] {
  const { topic, partition, offset, timestamp, key, type, deadLetter, problem, headers } = record;
  const place = colors.dim(`${timestamp} ${topic}-${partition}@${offset}`);
  const content =
    problem === undefined ? JSON.stringify(record.data) : (record.value ?? 'no value');
  return [
    `${place} ${colors.cyan(printable(key ?? '—'))} ${colors.bold(printable(type ?? '—'))} ${printable(content)}`,
    ...(problem === undefined ? [] : [colors.yellow(`  not an event: ${printable(problem)}`)]),
    ...(deadLetter === undefined ? [] : [colors.yellow(`  ${deadLetterText(deadLetter)}`)]),
    ...(headers ?? []).map((header) =>
      colors.dim(
        `  ${printable(header.key)}: ${'value' in header ? printable(header.value) : `base64 ${header.base64}`}`,
      ),
    ),
  ];
}

function deadLetterText(reason: Omit<DeadLetterReason, 'stacktrace'>): string {
  const { originalTopic, originalPartition, originalOffset, consumerGroup, code, attempts } =
    reason;
  const from = `${originalTopic}-${originalPartition}@${originalOffset}`;
  return printable(
    `dead-lettered by ${consumerGroup} from ${from} after ${attempts} attempts: ${code}: ${reason.message}`,
  );
}

/** Control characters, which could drive the terminal, as escapes. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}
