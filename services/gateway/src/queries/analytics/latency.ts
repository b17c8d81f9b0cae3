import type { AnalyticsLatency } from '@sori/api';
import type { Catalog, TopicDefinition } from '@sori/contract';
import {
  LATENCY_BUCKET_ERROR,
  latencyPercentiles,
  listLatencyPercentiles,
  type Queryable,
  sumLatencies,
  windowStarts,
} from '@sori/postgres';
import { rangeOf, type Stretch, seriesOf } from './stretch.ts';

/** The topics whose latency says something: a dead letter is as old as its failure. */
export function timedTopics({ topics }: Catalog): readonly TopicDefinition[] {
  return topics.filter(({ deadLettersOf }) => deadLettersOf === undefined);
}

/** How long events took until they were counted, topic by topic. */
export async function analyticsLatency(
  db: Queryable,
  catalog: Catalog,
  stretch: Stretch,
): Promise<AnalyticsLatency> {
  const [sums, windows] = await Promise.all([
    sumLatencies(db, stretch),
    listLatencyPercentiles(db, stretch),
  ]);
  const sumsOf = Map.groupBy(sums, ({ topic }) => topic);
  const windowsOf = Map.groupBy(windows, ({ topic }) => topic);
  return {
    ...rangeOf(stretch),
    bucketError: LATENCY_BUCKET_ERROR,
    times: [...windowStarts(stretch)],
    topics: timedTopics(catalog).map(({ name }) => {
      const own = sumsOf.get(name) ?? [];
      const series = (of: 'p50' | 'p95' | 'p99') =>
        seriesOf(
          stretch,
          (windowsOf.get(name) ?? []).map((window) => [window.start, window[of]] as const),
          null,
        );
      return {
        topic: name,
        records: own.reduce((sum, { records }) => sum + records, 0),
        latency: latencyPercentiles(own) ?? null,
        series: { p50: series('p50'), p95: series('p95'), p99: series('p99') },
      };
    }),
  };
}
