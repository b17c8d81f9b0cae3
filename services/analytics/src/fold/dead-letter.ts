import type { Catalog } from '@sori/contract';
import { decodeDeadLetterHeaders, type LogRecord } from '@sori/stream';
import { LABEL_MAX_LENGTH } from '../limits.ts';

/** What names a record in a dead-letter topic that does not have a dead letter's headers. */
const FOREIGN = 'not-a-dead-letter';

const NONE = 'none';

/** By what a dead letter is counted. Read from its headers: its value may be anything. */
export interface DeadLetterLabels {
  /** The error's code. */
  readonly reason: string;
  /** The consumer group that gave it up. */
  readonly group: string;
}

export function deadLetterLabels({ headers }: LogRecord): DeadLetterLabels {
  const reason = decodeDeadLetterHeaders(headers);
  if (reason === undefined) return { reason: FOREIGN, group: NONE };
  return { reason: label(reason.code), group: label(reason.consumerGroup) };
}

/** The type of event that a dead letter was, as far as its header and the catalog tell. */
export function deadLetterType(catalog: Catalog, { headers }: LogRecord): string {
  const header = headers.findLast(({ key }) => key === 'ce_type');
  if (header === undefined) return 'undecodable:missing-header';
  const type = header.value.toString('utf8');
  return catalog.findEvent(type) === undefined ? 'undecodable:unknown-type' : type;
}

/** Whoever wrote the headers chose this text: it is cut, and without what no text of PostgreSQL holds. */
function label(text: string): string {
  const cut = text.slice(0, LABEL_MAX_LENGTH).replaceAll('\0', '\u{fffd}').toWellFormed();
  return cut === '' ? NONE : cut;
}
