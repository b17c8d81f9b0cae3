import { messageSent } from '@sori/chat-events';
import type { Catalog } from '@sori/contract';
import {
  type ActiveUser,
  DAY,
  type DeadLetterCount,
  type EventCount,
  HOUR,
  KEPT_SECONDS,
  type LatencyCount,
  latencyBucket,
  type RoomMessages,
  SECOND,
  type UntimelyCount,
  type WindowWidth,
  windowStart,
} from '@sori/postgres';
import type { ProjectedRecord, ProjectionBatch } from '@sori/stream';
import { ACTIVE_USERS_KEPT_SECONDS, WRITTEN_MARGIN_SECONDS } from '../limits.ts';
import { actorOf } from './actor.ts';
import { deadLetterLabels, deadLetterType } from './dead-letter.ts';
import { deadLetterTiming, eventTiming, type Timing, timestampOf } from './timing.ts';

/** What a batch adds. Each row's key is there once. */
export interface BatchCounts {
  readonly events: readonly EventCount[];
  readonly latencies: readonly LatencyCount[];
  readonly roomMessages: readonly RoomMessages[];
  readonly activeUsers: readonly ActiveUser[];
  readonly deadLetters: readonly DeadLetterCount[];
  readonly untimely: readonly UntimelyCount[];
}

/**
 * Counts the records of a batch; sums of such counts are the same however records are cut into batches.
 * Two things depend on `now` (milliseconds since the epoch): a record's latency, and which windows are
 * so old that nobody could read them.
 */
export function countBatch(
  catalog: Catalog,
  batch: Pick<ProjectionBatch, 'topic' | 'records'>,
  now: number,
): BatchCounts {
  const counting = new Counting(catalog, batch.topic, now);
  for (const projected of batch.records) counting.add(projected);
  return counting.counts();
}

class Counting {
  readonly #catalog: Catalog;
  readonly #topic: string;
  readonly #deadLettersOf: string | undefined;
  readonly #now: number;
  readonly #events = new Rows<EventCount>();
  readonly #latencies = new Rows<LatencyCount>();
  readonly #roomMessages = new Rows<RoomMessages>();
  readonly #activeUsers = new Rows<ActiveUser>();
  readonly #deadLetters = new Rows<DeadLetterCount>();
  readonly #untimely = new Rows<UntimelyCount>();

  constructor(catalog: Catalog, topic: string, now: number) {
    this.#catalog = catalog;
    this.#topic = topic;
    this.#deadLettersOf = catalog.findTopic(topic)?.deadLettersOf;
    this.#now = now;
  }

  add(projected: ProjectedRecord): void {
    const { record } = projected;
    if (this.#deadLettersOf === undefined) this.#addEvent(projected, eventTiming(record));
    else this.#addDeadLetter(projected, this.#deadLettersOf, deadLetterTiming(record));
  }

  counts(): BatchCounts {
    return {
      events: this.#events.all(),
      latencies: this.#latencies.all(),
      roomMessages: this.#roomMessages.all(),
      activeUsers: this.#activeUsers.all(),
      deadLetters: this.#deadLetters.all(),
      untimely: this.#untimely.all(),
    };
  }

  #addEvent(projected: ProjectedRecord, timing: Timing): void {
    const { event, record } = projected;
    this.#addLoad(projected, event?.type ?? `undecodable:${projected.problem}`, timing);
    for (const reason of timing.untimely) this.#addUntimely(timestampOf(record), reason);
    if (event === undefined) return;
    const actor = actorOf(event);
    const roomId = event.type === messageSent.type ? roomOf(event.data) : undefined;
    for (const width of timing.widths) {
      const start = windowStart(timing.at / 1_000, width);
      if (actor !== undefined && width !== SECOND && this.#isOpen(start, width, ACTIVE)) {
        const key = `${width} ${start} ${actor}`;
        this.#activeUsers.at(key, () => ({ width, start, userId: actor }));
      }
      if (roomId !== undefined && isRoomWidth(width) && this.#isOpen(start, width)) {
        const key = `${width} ${start} ${roomId}`;
        this.#roomMessages.at(key, () => ({ width, start, roomId, messages: 0 })).messages += 1;
      }
    }
  }

  #addDeadLetter(projected: ProjectedRecord, topic: string, timing: Timing): void {
    const { record } = projected;
    this.#addLoad(projected, deadLetterType(this.#catalog, record), timing);
    const { reason, group } = deadLetterLabels(record);
    for (const width of storedWidths(timing)) {
      const start = windowStart(timing.at / 1_000, width);
      if (!this.#isOpen(start, width)) continue;
      const key = JSON.stringify([width, start, reason, group]);
      const row = { width, start, topic, reason, group, records: 0 };
      this.#deadLetters.at(key, () => row).records += 1;
    }
  }

  #addLoad({ record }: ProjectedRecord, type: string, timing: Timing): void {
    const topic = this.#topic;
    const bytes = record.value?.length ?? 0;
    const bucket = latencyBucket(this.#now - timing.at);
    for (const width of storedWidths(timing)) {
      const start = windowStart(timing.at / 1_000, width);
      if (!this.#isOpen(start, width)) continue;
      const load = this.#events.at(`${width} ${start} ${type}`, () => ({
        ...{ width, start, topic, type, records: 0, bytes: 0 },
      }));
      load.records += 1;
      load.bytes += bytes;
      const key = `${width} ${start} ${bucket}`;
      const row = this.#latencies.at(key, () => ({ width, start, topic, bucket, records: 0 }));
      row.records += 1;
    }
  }

  #addUntimely(timestamp: number, reason: string): void {
    const start = windowStart(timestamp / 1_000, HOUR);
    const row = { start, topic: this.#topic, reason, records: 0 };
    this.#untimely.at(`${start} ${reason}`, () => row).records += 1;
  }

  /** Whether somebody may still read the window, or, of active users, whether they are remembered. */
  #isOpen(start: number, width: WindowWidth, kept = KEPT_SECONDS): boolean {
    return start >= this.#now / 1_000 - kept[width] - WRITTEN_MARGIN_SECONDS;
  }
}

const ACTIVE = ACTIVE_USERS_KEPT_SECONDS;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Rows by what tells them apart. */
class Rows<Row> {
  readonly #rows = new Map<string, Mutable<Row>>();

  at(key: string, make: () => Mutable<Row>): Mutable<Row> {
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#rows.set(key, made);
    return made;
  }

  all(): readonly Row[] {
    return [...this.#rows.values()];
  }
}

/** Days are made of hours, but for people, who count once in each. */
function storedWidths({ widths }: Timing): readonly WindowWidth[] {
  return widths.filter((width) => width !== DAY);
}

/** Rooms are not counted by the second: there may be as many rows as messages. */
function isRoomWidth(width: WindowWidth): boolean {
  return width !== SECOND && width !== DAY;
}

function roomOf(data: unknown): string {
  return (data as { readonly roomId: string }).roomId;
}
