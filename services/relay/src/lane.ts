import type { OutboxRow } from '@sori/postgres';
import type { Clock, Publisher } from '@sori/stream';
import type { RelayLimits } from './limits.ts';
import { pause } from './pause.ts';
import { verdictOn } from './verdict.ts';

/** What a lane tells the term that runs it. */
export interface LaneListener {
  /** Whether the relay may publish at this moment. Asked before every append. */
  mayPublish(): boolean;
  published(row: OutboxRow): void;
  /** A try failed and will be made again. */
  failed(row: OutboxRow, error: unknown): void;
  /** The row cannot be published; the lane goes on with the next. */
  parked(row: OutboxRow, error: unknown): void;
}

export interface LaneContext {
  readonly publisher: Pick<Publisher, 'append'>;
  readonly clock: Clock;
  readonly limits: RelayLimits;
  readonly listener: LaneListener;
  /** Lets one record at a time through, among those that were refused before. */
  readonly oneAtATime: <T>(work: () => Promise<T>) => Promise<T>;
  /** Aborts when the term ends: no pause is waited for any longer. */
  readonly ending: AbortSignal;
}

/**
 * Publishes rows of one lane, one after another: the next only when the log has acknowledged the
 * last, or it was parked. Resolves when all are done, or earlier when the relay may not publish any
 * longer. Never rejects.
 */
export async function runLane(rows: readonly OutboxRow[], context: LaneContext): Promise<void> {
  for (const row of rows) {
    if (!(await publishRow(row, context))) return;
  }
}

/** Resolves with whether the lane may go on. */
async function publishRow(row: OutboxRow, context: LaneContext): Promise<boolean> {
  const { listener, limits } = context;
  let refusals = 0;
  for (let attempt = 1; ; attempt++) {
    const append = () => appendRow(row, context);
    try {
      const sent = refusals === 0 ? await append() : await context.oneAtATime(append);
      if (sent) listener.published(row);
      return sent;
    } catch (error) {
      const verdict = verdictOn(error);
      if (verdict === 'refused') refusals += 1;
      if (verdict === 'park' || refusals === limits.refusals) {
        listener.parked(row, error);
        return true;
      }
      listener.failed(row, error);
    }
    await pause(context.clock, backoffMs(limits, attempt), context.ending);
  }
}

/** False, without an append, when the relay may not publish any longer. */
async function appendRow(row: OutboxRow, context: LaneContext): Promise<boolean> {
  const { topic, eventId, value, headers } = row;
  if (!context.listener.mayPublish()) return false;
  const key = row.key === null ? null : Buffer.from(row.key);
  await context.publisher.append({ topic }, { key, value, headers }, eventId);
  return true;
}

/** Exponential, between half and all of it, so that lanes do not come back together. */
function backoffMs({ retryMinMs, retryMaxMs }: RelayLimits, attempt: number): number {
  const longest = Math.min(retryMaxMs, retryMinMs * 2 ** (attempt - 1));
  return (longest * (1 + Math.random())) / 2;
}
