import type { AnalyticsTopics } from '@sori/api';
import type { Catalog } from '@sori/contract';
import { listTopicLoads, type Queryable, sumTypeLoads, windowStarts } from '@sori/postgres';
import { expectedOf, rateOf, sumOfLoads } from './loads.ts';
import { rangeOf, type Stretch, seriesOf } from './stretch.ts';

/** What went through each topic of the catalog, beside what is expected. */
export async function analyticsTopics(
  db: Queryable,
  catalog: Catalog,
  stretch: Stretch,
): Promise<AnalyticsTopics> {
  const [loads, typeLoads] = await Promise.all([
    listTopicLoads(db, stretch),
    sumTypeLoads(db, stretch),
  ]);
  const loadsOf = Map.groupBy(loads, ({ topic }) => topic);
  const typesOf = Map.groupBy(typeLoads, ({ topic }) => topic);
  return {
    ...rangeOf(stretch),
    times: [...windowStarts(stretch)],
    topics: catalog.topics.map((definition) => {
      const own = loadsOf.get(definition.name) ?? [];
      const total = sumOfLoads(own);
      const series = (of: 'records' | 'bytes') =>
        seriesOf(
          stretch,
          own.map((load) => [load.start, load[of]] as const),
          0,
        );
      return {
        topic: definition.name,
        total,
        rate: rateOf(total, stretch.elapsedSeconds),
        expected: expectedOf(definition),
        types: (typesOf.get(definition.name) ?? []).map(({ type, records, bytes }) => ({
          type,
          records,
          bytes,
        })),
        series: { records: series('records'), bytes: series('bytes') },
      };
    }),
  };
}
