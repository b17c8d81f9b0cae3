import type { PartitionCursor } from './partition-cursor.ts';

/** What one fetch brings at most, over all partitions of a broker. Larger is slower (measured). */
export const FETCH_MAX_BYTES = 1024 * 1024;

/** What one fetch brings at most of one partition, unless its first batch alone is larger. */
export const PARTITION_MAX_BYTES = 256 * 1024;

/**
 * How long a broker may hold a fetch that leaves out a partition paused a moment ago: it may be
 * resumed at any time, and would have to wait for the fetch in flight.
 */
const WAIT_WHILE_PAUSED_MS = 20;

/** After this a paused partition is no longer expected back at any time. */
const PAUSED_RECENTLY_MS = 1_000;

/** What one broker is asked for next. */
export interface FetchPlan {
  /** How many partitions the broker leads, fetched or not. */
  readonly led: number;
  readonly fetches: readonly PlannedFetch[];
  /** How long the broker may hold the fetch or, with nothing to fetch, how long to wait. */
  readonly waitMs: number;
}

export interface PlannedFetch {
  readonly cursor: PartitionCursor;
  readonly topicId: string;
  readonly offset: number;
}

export interface FetchPlanOptions {
  readonly node: number;
  /** As `performance.now()`. */
  readonly now: number;
  readonly maxWaitMs: number;
  /** Counts up: every partition comes first in turn. */
  readonly turn: number;
}

/**
 * Plans the next fetch from one broker. The order matters: a broker fills a response in the order
 * asked, and only the first partition with data may exceed the byte limits with its first batch.
 */
export function planFetch(
  cursors: Iterable<PartitionCursor>,
  { node, now, maxWaitMs, turn }: FetchPlanOptions,
): FetchPlan {
  const fetches: PlannedFetch[] = [];
  let led = 0;
  let waitMs = maxWaitMs;
  for (const cursor of cursors) {
    if (cursor.leader !== node) continue;
    led++;
    if (cursor.paused && now - cursor.pausedAt < PAUSED_RECENTLY_MS) {
      waitMs = Math.min(waitMs, WAIT_WHILE_PAUSED_MS);
    }
    if (!isReady(cursor)) continue;
    if (cursor.retryAt > now) {
      waitMs = Math.min(waitMs, cursor.retryAt - now);
      continue;
    }
    const fetch = { cursor, topicId: cursor.topicId, offset: cursor.position };
    if (cursor.isolated) return { led, fetches: [fetch], waitMs: 0 };
    fetches.push(fetch);
  }
  return { led, fetches: rotate(fetches, turn), waitMs };
}

function isReady(cursor: PartitionCursor): cursor is PartitionCursor & { topicId: string } {
  return (
    cursor.topicId !== undefined && !cursor.paused && !cursor.suspended && cursor.held === undefined
  );
}

function rotate<T>(items: readonly T[], by: number): readonly T[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return start === 0 ? items : [...items.slice(start), ...items.slice(0, start)];
}

/** The planned fetches as the client's fetch takes them. */
export function toFetchTopics(fetches: readonly PlannedFetch[]) {
  const byTopic = new Map<string, ReturnType<typeof toFetchPartition>[]>();
  for (const fetch of fetches) {
    const partitions = byTopic.get(fetch.topicId);
    if (partitions === undefined) byTopic.set(fetch.topicId, [toFetchPartition(fetch)]);
    else partitions.push(toFetchPartition(fetch));
  }
  return Array.from(byTopic, ([topicId, partitions]) => ({ topicId, partitions }));
}

function toFetchPartition({ cursor, offset }: PlannedFetch) {
  return {
    partition: cursor.target.partition,
    fetchOffset: BigInt(offset),
    partitionMaxBytes: PARTITION_MAX_BYTES,
    // Unknown epochs: the broker then does not check them.
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1,
  };
}
