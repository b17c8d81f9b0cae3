import type { AnalyticsDeadLetters } from '@sori/api';
import { listDeadLetterCounts, type Queryable, sumDeadLetters, windowStarts } from '@sori/postgres';
import { rangeOf, type Stretch, seriesOf } from './stretch.ts';

/** Kinds of dead letters that an answer names; all are in its sums. */
const KINDS_MAX = 100;

/** What was given up, where, why and by whom. */
export async function analyticsDeadLetters(
  db: Queryable,
  stretch: Stretch,
): Promise<AnalyticsDeadLetters> {
  const [counts, letters] = await Promise.all([
    listDeadLetterCounts(db, stretch),
    sumDeadLetters(db, stretch, KINDS_MAX),
  ]);
  return {
    ...rangeOf(stretch),
    total: counts.reduce((sum, { records }) => sum + records, 0),
    times: [...windowStarts(stretch)],
    records: seriesOf(
      stretch,
      counts.map(({ start, records }) => [start, records] as const),
      0,
    ),
    letters: [...letters],
  };
}
