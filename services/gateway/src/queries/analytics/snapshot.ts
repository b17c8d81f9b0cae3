import type { AnalyticsSnapshot } from '@sori/api';
import {
  accountRegistered,
  friendRequestAccepted,
  friendRequestSent,
  messageSent,
} from '@sori/chat-events';
import type { Catalog } from '@sori/contract';
import {
  HOUR,
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
  type WindowRange,
  windowStart,
} from '@sori/postgres';
import { expectedOf, rateOf, sumOfLoads } from './loads.ts';
import { activeAt, COUNTED_EVENTS, countOf, peaksOf } from './people.ts';

/** How long the events of a second have to be counted before it is told of, in seconds. */
const SETTLING_SECONDS = 2;

/** Over how many seconds the rates are. */
const RATE_SECONDS = 10;

/** How the product is used at this moment. `now` in milliseconds since the epoch. */
export async function analyticsSnapshot(
  db: Queryable,
  catalog: Catalog,
  now: number,
): Promise<AnalyticsSnapshot> {
  const second = Math.floor(now / 1_000) - SETTLING_SECONDS;
  const seconds = (count: number): WindowRange => ({
    width: SECOND,
    from: second + 1 - count,
    to: second + 1,
  });
  const hour: WindowRange = {
    width: MINUTE,
    from: windowStart(now / 1_000, MINUTE) - HOUR + MINUTE,
    to: windowStart(now / 1_000, MINUTE) + MINUTE,
  };
  const loads = Map.groupBy(await listTopicLoads(db, seconds(RATE_SECONDS)), ({ topic }) => topic);
  const latencies = Map.groupBy(await sumLatencies(db, seconds(MINUTE)), ({ topic }) => topic);
  const counts = await listTypeCounts(db, hour, COUNTED_EVENTS);
  const letters = await listDeadLetterCounts(db, hour);
  const online = await readOnline(db, Math.floor(now / 1_000) + 1);
  const peaks = await peaksOf(db, hour, now);
  return {
    time: new Date(now).toISOString(),
    second,
    topics: catalog.topics.map((definition) => {
      const own = loads.get(definition.name) ?? [];
      const timed = definition.deadLettersOf === undefined;
      return {
        topic: definition.name,
        total: sumOfLoads(own.filter(({ start }) => start === second)),
        rate: rateOf(sumOfLoads(own), RATE_SECONDS),
        expected: expectedOf(definition),
        latency: timed ? (latencyPercentiles(latencies.get(definition.name) ?? []) ?? null) : null,
      };
    }),
    online: onlineAtEnd(online),
    activeUsers: await activeAt(db, now / 1_000),
    lastHour: {
      messages: countOf(counts, messageSent),
      signUps: countOf(counts, accountRegistered),
      friendRequestsSent: countOf(counts, friendRequestSent),
      friendRequestsAccepted: countOf(counts, friendRequestAccepted),
      deadLetters: letters.reduce((sum, { records }) => sum + records, 0),
      onlinePeak: Math.max(0, ...peaks.values()),
    },
  };
}
