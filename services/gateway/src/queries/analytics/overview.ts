import type { AnalyticsOverview } from '@sori/api';
import {
  accountRegistered,
  friendRequestAccepted,
  friendRequestSent,
  messageSent,
} from '@sori/chat-events';
import type { Catalog } from '@sori/contract';
import {
  latencyPercentiles,
  listDeadLetterCounts,
  listTopicLoads,
  listTypeCounts,
  MINUTE,
  onlineAtEnd,
  type Queryable,
  readOnline,
  SECOND,
  sumLatencies,
  sumUntimely,
} from '@sori/postgres';
import { timedTopics } from './latency.ts';
import { expectedInAll, rateOf, sumOfLoads } from './loads.ts';
import { activeAt, COUNTED_EVENTS, countOf, peaksOf } from './people.ts';
import { rangeOf, type Stretch } from './stretch.ts';

/** Everything in one number each. `now` in milliseconds since the epoch. */
export async function analyticsOverview(
  db: Queryable,
  catalog: Catalog,
  stretch: Stretch,
  now: number,
): Promise<AnalyticsOverview> {
  const nowSeconds = now / 1_000;
  const loads = await listTopicLoads(db, stretch);
  const counts = await listTypeCounts(db, stretch, COUNTED_EVENTS);
  const letters = await listDeadLetterCounts(db, stretch);
  const latencies = await sumLatencies(db, stretch);
  const timed = new Set(timedTopics(catalog).map(({ name }) => name));
  const online = await readOnline(db, Math.floor(nowSeconds) + 1);
  // Peaks are told by the minute at the finest.
  const range = stretch.width === SECOND ? ({ ...stretch, width: MINUTE } as const) : stretch;
  const peaks = await peaksOf(db, range, now);
  const total = sumOfLoads(loads);
  const sent = countOf(counts, friendRequestSent);
  const accepted = countOf(counts, friendRequestAccepted);
  return {
    ...rangeOf(stretch),
    total,
    rate: rateOf(total, stretch.elapsedSeconds),
    expected: expectedInAll(catalog),
    messages: countOf(counts, messageSent),
    signUps: countOf(counts, accountRegistered),
    friendRequests: { sent, accepted, acceptanceRate: sent === 0 ? null : accepted / sent },
    activeUsers: await activeAt(db, Math.min(stretch.to - 1, nowSeconds)),
    online: { now: onlineAtEnd(online), peak: Math.max(0, ...peaks.values()) },
    deadLetters: letters.reduce((sum, { records }) => sum + records, 0),
    latency: latencyPercentiles(latencies.filter(({ topic }) => timed.has(topic))) ?? null,
    untimely: [...(await sumUntimely(db, stretch))],
  };
}
