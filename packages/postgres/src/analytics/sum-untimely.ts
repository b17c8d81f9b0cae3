import type { Queryable, Statement } from '../connection/queryable.ts';
import type { WindowRange } from './windows.ts';

const SUM: Statement = {
  name: 'analytics-sum-untimely',
  text: `
    SELECT reason, sum(records)::float8 AS records
    FROM analytics_untimely
    WHERE starts_at > to_timestamp($1) - interval '1 hour' AND starts_at < to_timestamp($2)
    GROUP BY reason
    ORDER BY reason`,
};

/** Records whose time was out of the ordinary, of all hours that a range touches, by reason. */
export async function sumUntimely(
  db: Queryable,
  { from, to }: Omit<WindowRange, 'width'>,
): Promise<readonly { readonly reason: string; readonly records: number }[]> {
  const { rows } = await db.query<{ readonly reason: string; readonly records: number }>(SUM, [
    from,
    to,
  ]);
  return rows;
}
