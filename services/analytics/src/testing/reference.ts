import { catalog } from '@sori/chat-events';
import type { Event } from '@sori/contract';
import { type LogRecord, projectedRecord } from '@sori/stream';
import { type Aggregates, noAggregates } from './aggregates.ts';

/*
 * For tests only: the analytics of a log, worked out record by record, all at once, in the plainest way
 * there is. Nothing of the code under test is used.
 */

const WIDTHS = { 1: 3_600, 60: 2 * 86_400, 3600: 7 * 86_400, 86400: 7 * 86_400 };
const REASONS: Readonly<Record<string, string>> = {
  1: 'late-for-seconds',
  60: 'late-for-minutes',
  3600: 'late-for-hours',
};

/** Folds whole topics. Records of one partition are in their order; partitions may be mixed. */
export function foldLog(records: readonly LogRecord[]): Aggregates {
  const sums = noAggregates();
  const active = new Set<string>();
  for (const record of records) {
    if (record.topic.endsWith('.dlq')) addDeadLetter(sums, record);
    else addEvent(sums, active, record);
  }
  for (const key of active) {
    const [width, start] = JSON.parse(key) as [number, number, string];
    sums.activeUsers.plus([width, start]);
  }
  for (const { from, until } of onlineStays(records)) {
    sums.onlineChanges.plus([Math.floor(from / 1_000)], 1);
    sums.onlineChanges.plus([Math.floor(until / 1_000)], -1);
  }
  for (const [key, change] of sums.onlineChanges) {
    if (change === 0) sums.onlineChanges.delete(key);
  }
  return sums;
}

function addEvent(sums: Aggregates, active: Set<string>, record: LogRecord): void {
  const { event, problem } = projectedRecord(catalog, record);
  const type = event?.type ?? `undecodable:${problem}`;
  const hour = Math.floor(record.timestamp / 3_600_000) * 3_600;
  const note = (reason: string): void => sums.untimely.plus([hour, record.topic, reason]);
  const said = Date.parse(headerOf(record, 'ce_time') ?? 'never');
  let at = said;
  if (Number.isNaN(said)) {
    at = record.timestamp;
    note('undated');
  } else if (said - record.timestamp > 60_000) {
    at = record.timestamp;
    note('ahead');
  }
  for (const [text, grace] of Object.entries(WIDTHS)) {
    const width = Number(text);
    if ((record.timestamp - at) / 1_000 > grace) {
      const reason = REASONS[width];
      if (reason !== undefined) note(reason);
      continue;
    }
    const start = Math.floor(at / 1_000 / width) * width;
    if (width < 86_400) {
      sums.records.plus([width, start, record.topic, type]);
      sums.bytes.plus([width, start, record.topic, type], record.value?.length ?? 0);
      sums.timed.plus([width, start, record.topic]);
    }
    if (event === undefined) continue;
    const person = width > 1 ? personBehind(event) : undefined;
    if (person !== undefined) active.add(JSON.stringify([width, start, person]));
    if (event.type === 'message.chat.sent' && (width === 60 || width === 3_600)) {
      sums.roomMessages.plus([width, start, fieldOf(event, 'roomId')]);
    }
  }
}

function addDeadLetter(sums: Aggregates, record: LogRecord): void {
  const named = headerOf(record, 'ce_type');
  const known = catalog.events.some(({ type }) => type === named);
  const unknown = named === undefined ? 'undecodable:missing-header' : 'undecodable:unknown-type';
  const type = known ? String(named) : unknown;
  const isLetter = headerOf(record, 'kafka_dlt-original-topic') !== undefined;
  const reason = isLetter ? headerOf(record, 'kafka_dlt-exception-fqcn') : 'not-a-dead-letter';
  const group = isLetter ? headerOf(record, 'kafka_dlt-original-consumer-group') : 'none';
  for (const width of [1, 60, 3_600]) {
    const start = Math.floor(record.timestamp / 1_000 / width) * width;
    sums.records.plus([width, start, record.topic, type]);
    sums.bytes.plus([width, start, record.topic, type], record.value?.length ?? 0);
    sums.timed.plus([width, start, record.topic]);
    sums.deadLetters.plus([width, start, record.topic.replace(/\.dlq$/, ''), reason, group]);
  }
}

interface Stay {
  from: number;
  until: number;
}

/** When each person was online, as far as the records tell; whoever stays for no time never was. */
export function onlineStays(records: readonly LogRecord[]): readonly Stay[] {
  const stays = new Map<string, Stay[]>();
  const sessions = new Map<string, Map<string, { at: number; until: number }>>();
  for (const record of records) {
    if (record.topic !== 'user.online_status') continue;
    const { event } = projectedRecord(catalog, record);
    if (!event?.type.startsWith('user.presence.')) continue;
    const userId = fieldOf(event, 'userId');
    const mine = sessions.get(userId) ?? new Map<string, { at: number; until: number }>();
    sessions.set(userId, mine);
    const sessionId = fieldOf(event, 'sessionId');
    const at = record.timestamp;
    if ((mine.get(sessionId)?.at ?? 0) > at) continue;
    const lease = fieldOf(event, 'state') === 'offline' ? 0 : Number(fieldOf(event, 'leaseMs'));
    mine.set(sessionId, { at, until: at + lease });
    const until = Math.max(...[...mine.values()].map((session) => session.until));
    const past = stays.get(userId) ?? [];
    stays.set(userId, past);
    const last = past.at(-1);
    if (last !== undefined && at < last.until) last.until = until;
    else past.push({ from: at, until });
  }
  return [...stays.values()].flat();
}

function personBehind(event: Event): string | undefined {
  const [context, entity, what] = event.type.split('.');
  if (context === 'notification' || what === 'heartbeat') return undefined;
  if (entity === 'account' && what !== 'registered') return undefined;
  if (entity === 'presence' && fieldOf(event, 'state') !== 'online') return undefined;
  if (context === 'chat') return fieldOf(event, 'actorId');
  if (entity !== 'request') return fieldOf(event, 'userId');
  const byRequester = what === 'sent' || what === 'cancelled';
  return fieldOf(event, byRequester ? 'requesterId' : 'addresseeId');
}

function fieldOf({ data }: Event, name: string): string {
  return String((data as Readonly<Record<string, unknown>>)[name]);
}

function headerOf({ headers }: LogRecord, name: string): string | undefined {
  return headers.findLast(({ key }) => key === name)?.value.toString();
}
